# SPDX-License-Identifier: Apache-2.0
"""The ASGI application of the notices' stream, in a process of its own beside the pages; `rexian.web.notices.stream` says what it does."""

import os

import django
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rexian.config.settings")
django.setup()

application = import_string("rexian.web.notices.stream.Stream")()
