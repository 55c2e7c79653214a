# SPDX-License-Identifier: Apache-2.0
"""The WSGI application that Granian serves; the models are loaded beside it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rexian.config.settings")
application = get_wsgi_application()

from rexian.web.operations import warming  # noqa: E402 - the apps are only there now

warming.start()
