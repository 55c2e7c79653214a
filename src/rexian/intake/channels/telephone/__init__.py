# SPDX-License-Identifier: Apache-2.0
"""The telephone: an agent takes the request down at the desk (web.desk)."""

from django.utils.translation import gettext_lazy as _

from rexian.intake.channels import Channel

CHANNEL = Channel(code="telephone", name=_("电话"), spoken=True, online=False)
