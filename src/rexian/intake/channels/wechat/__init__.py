# SPDX-License-Identifier: Apache-2.0
"""WeChat: through the JSON API with a client of this channel."""

from django.utils.translation import gettext_lazy as _

from rexian.intake.channels import Channel

CHANNEL = Channel(code="wechat", name=_("微信"))
