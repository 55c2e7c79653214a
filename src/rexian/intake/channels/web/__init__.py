# SPDX-License-Identifier: Apache-2.0
"""The city's portal (web.portal), on a computer or a phone."""

from django.utils.translation import gettext_lazy as _

from rexian.intake.channels import Channel

CHANNEL = Channel(code="web", name=_("网站"))
