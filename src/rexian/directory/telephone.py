# SPDX-License-Identifier: Apache-2.0
"""Telephone, WeChat and identity numbers as people write them, in the one form in which they are kept."""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from rexian.security.errors import Refusal

MOBILE = 11


def normalise_telephone(text: str, field: str = "telephone") -> str:
    """A mobile number (11 digits) or a landline with its area code; raises Refusal that says what is wrong with it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s\-()]", "", plain).removeprefix("+")
    if not digits.isdecimal():
        raise Refusal(_("电话只能有数字。"), field=field)
    digits = re.sub(r"^(0086|86)(?=1\d{10}$)", "", digits)
    if digits.startswith("1"):
        if len(digits) != MOBILE:
            more = _("多") if len(digits) > MOBILE else _("少")
            raise Refusal(
                _("手机号%(more)s%(count)s位：应为 11 位数字。") % {"more": more, "count": abs(len(digits) - MOBILE)}, field=field
            )
        if digits[1] in "012":
            raise Refusal(_("没有以 %(head)s 开头的手机号。") % {"head": digits[:2]}, field=field)
        return digits
    if re.fullmatch(r"0\d{2,3}[2-8]\d{6,7}", digits):
        return digits
    raise Refusal(_("请写 11 位手机号，或带区号的座机号码，如 0990-1234567。"), field=field)


def normalise_wechat(text: str) -> str:
    """A WeChat open id, as the platform gives it."""
    plain = text.strip()
    if not re.fullmatch(r"[A-Za-z0-9_\-]{6,64}", plain):
        raise Refusal(_("微信标识不对。"), field="wechat")
    return plain


def normalise_id_number(text: str, field: str = "id_number") -> str:
    """A resident identity number with a right check digit (GB 11643-1999)."""
    try:
        return str(ric.validate(unicodedata.normalize("NFKC", text)))
    except ValidationError:
        raise Refusal(_("身份证号不对，请核对 18 位号码。"), field=field) from None
