# SPDX-License-Identifier: Apache-2.0
"""The mini program: through the JSON API with a client of this channel."""

from django.utils.translation import gettext_lazy as _

from rexian.intake.channels import Channel

CHANNEL = Channel(code="miniprogram", name=_("小程序"))
