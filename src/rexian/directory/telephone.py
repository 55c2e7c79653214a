# SPDX-License-Identifier: Apache-2.0
"""Telephone, WeChat and identity numbers as people write them, in the one form in which they are kept."""

import re
import unicodedata

from django.utils.translation import gettext as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from rexian.security.errors import Refusal

MOBILE, IDENTITY = 11, 18
"""Digits."""
SEPARATORS = re.compile(r"[\s\-‐-―−_.·()]")
ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}")
"""A number of another country or of Hong Kong, Macao and Taiwan (ITU-T E.164), kept with its plus sign."""
LANDLINE = re.compile(r"(?:010|02\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}")
"""Area code (three digits in the largest cities, else four) and the local number of seven or eight digits."""
SERVICE = re.compile(r"[48]00\d{7}")
"""A company's 400 or 800 number."""


def normalise_telephone(text: str, field: str = "telephone") -> str:
    """The digits of a mobile number, a landline with its area code, a 400 number, or `+` and those of one from abroad.

    Raises Refusal that says what is wrong with it.
    """
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if ABROAD.fullmatch(plain):
        return plain
    if not (plain.isascii() and plain.removeprefix("+").isdigit()):
        raise Refusal(_("电话只能有数字。") if plain else _("请填写电话。"), field=field)
    digits = _domestic(plain)
    if digits.startswith("1"):
        return _mobile(digits, field)
    if LANDLINE.fullmatch(digits) or SERVICE.fullmatch(digits):
        return digits
    if len(digits) in (7, 8) and digits[0] in "2345678":
        raise Refusal(_("座机号码请加区号，如 010-%(number)s。") % {"number": digits}, field=field)
    raise Refusal(_("请写 11 位手机号，或带区号的座机号码，如 0990-5551234。"), field=field)


def _domestic(plain: str) -> str:
    """Without the country's code: +86 and 0086, or a bare 86 before a mobile number; an area code gets its nought back."""
    prefix = re.match(r"\+86|0086|86(?=1\d{10}$)", plain)
    if prefix is None:
        return plain.removeprefix("+")
    rest = plain[prefix.end() :]
    return rest if rest.startswith(("0", "1", "400", "800")) and not rest.startswith("10") else f"0{rest}"


def _mobile(digits: str, field: str) -> str:
    missing = MOBILE - len(digits)
    if missing > 0:
        raise Refusal(_("手机号少 %(count)s 位：应为 11 位数字。") % {"count": missing}, field=field)
    if missing < 0:
        raise Refusal(_("手机号多 %(count)s 位：应为 11 位数字。") % {"count": -missing}, field=field)
    if digits[1] in "012":
        raise Refusal(_("没有以 %(head)s 开头的手机号。") % {"head": digits[:2]}, field=field)
    return digits


def normalise_wechat(text: str, field: str = "wechat") -> str:
    """A WeChat open id, as the platform gives it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not re.fullmatch(r"[A-Za-z0-9_\-]{6,64}", plain):
        raise Refusal(_("微信标识应为 6 到 64 位字母、数字、下划线或连字符。"), field=field)
    return plain


def normalise_id_number(text: str, field: str = "id_number") -> str:
    """A resident identity number with a possible birthday and a right check digit (GB 11643-1999).

    The place is not checked: numbers given before a county had its code, and those of residents from abroad, are in no list.
    """
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if len(plain) != IDENTITY:
        raise Refusal(_("身份证号应为 18 位，现有 %(count)s 位。") % {"count": len(plain)}, field=field)
    if not re.fullmatch(r"\d{17}[\dX]", plain, re.ASCII):
        raise Refusal(_("身份证号只能有数字，末位可以是 X。"), field=field)
    try:
        ric.get_birth_date(plain)
    except ValidationError:
        raise Refusal(_("身份证号中的出生日期不对。"), field=field) from None
    if ric.calc_check_digit(plain) != plain[-1]:
        raise Refusal(_("身份证号的校验位不对，请逐位核对。"), field=field)
    return plain
