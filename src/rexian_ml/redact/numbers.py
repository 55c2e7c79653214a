# SPDX-License-Identifier: Apache-2.0
"""Telephones, resident identity numbers and bank cards in folded text: by form, check digit and the words before them."""

import re
from collections.abc import Iterator

from stdnum import luhn

from rexian_ml.fold import SEPARATORS
from rexian_ml.redact.found import Found

_BETWEEN = f"[{re.escape(SEPARATORS)}]"
_RUN = re.compile(rf"\+?\d(?:{_BETWEEN}{{0,3}}\d)*(?:{_BETWEEN}{{0,3}}[xX×](?![A-Za-z\d]))?")
_ORDER = re.compile(r"(?<!\d)\d{6}-20\d{6}-\d{6}-\d(?!\d)")
"""A number of this hotline's own orders."""
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")


def _loose(*atoms: str) -> str:
    """The atoms in order, one separator allowed between any two."""
    return " ?".join(atoms)


_MONTH, _DAY = "(?:0 ?[1-9]|1 ?[0-2])", "(?:0 ?[1-9]|[12] ?[0-9]|3 ?[01])"
_D = "[0-9]"
_FORMS = re.compile(
    "(?<![0-9])(?:"
    f"(?P<identity>{_loose('[1-9]', *[_D] * 5, '(?:1 ?[89]|2 ?0)', _D, _D, _MONTH, _DAY, *[_D] * 3, '[0-9X]')})"
    f"|(?P<mobile>(?:(?:[+]|0 ?0)? ?8 ?6 ?|0 ?)?{_loose('1', '[3-9]', *[_D] * 9)})"
    f"|(?P<old>{_loose('[1-9]', *[_D] * 7, _MONTH, _DAY, *[_D] * 3)})"
    f"|(?P<card>{_loose('[3-69]', *[_D] * 14)}(?: ?[0-9]){{0,4}})"
    f"|(?P<landline>(?:[+]? ?8 ?6 ?)?0 ?(?:1 ?0|2 ?[0-57-9]|[3-9] ?[0-9](?: ?[0-9])?) ?{_loose('[1-9]', *[_D] * 6)}(?: ?[0-9])?)"
    f"|(?P<local>{_loose('[2-8]', *[_D] * 6)}(?: ?[0-9])?)"
    f"|(?P<told>{_loose(*[_D] * 9)}(?: ?[0-9X]){{0,12}})"
    ")(?![0-9])"
)
_EXTENSION = re.compile(r"(?:转|-| )?(?:分机)?(?<=[转机-])\d{1,6}(?!\d)")
_UNIT = re.compile(r" ?(?:元|万|块|亿|平|米|吨|度|人|次|户|倍|%|千|年|斤)")
_CALL = re.compile(
    r"(?:电话|座机|固话|致电|拨打|来电|联系方式|手机|号码|联系|tel|phone|call)[^。；;\ue000]{0,10}$", re.I
)
_LOCAL = re.compile(r"(?:电话|座机|固话|致电|联系方式|办公室|宅电|tel|phone)[^\d。；;]{0,6}$", re.I)
_IDENTITY = re.compile(r"(?:身份证|证件号|身份号|公民身份|ID号|驾驶证|驾照|社保卡?号|医保卡?号)[^\d。；;]{0,8}$", re.I)
_CARD = re.compile(
    r"(?:卡号|银行卡|账号|帐号|账户|帐户|储蓄卡|信用卡|工资卡|存折|一卡通|开户行|收款|转账到?|打到|汇到|转到|汇款)[^\d。；;]{0,14}$"
)
_OTHER = re.compile(
    r"(?:订单|工单|编号|单号|流水|案号|合同|文号|批号|发票|代码|保单|快递|运单|条码|信用码|热线)[号码]*[^\d。；;]{0,4}$"
)


def find(text: str) -> Iterator[Found]:
    """The numbers of persons in a folded text."""
    guarded = _ORDER.sub(lambda own: "\ue000" * len(own[0]), text)
    for run in _RUN.finditer(guarded):
        if len(run[0]) >= 7:
            yield from _classify(run, guarded)


def _classify(run: re.Match[str], text: str) -> Iterator[Found]:
    """What stands in one run of digits and separators, by forms on the run with each separator as one space."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(run[0].upper().replace("×", "X"), run.start()):
        character = character if character in "0123456789X+" else " "
        if character != " " or plain[-1] != " ":
            plain.append(character)
            places.append(place)
    canonical = "".join(plain)
    for form in _FORMS.finditer(canonical):
        start, end = places[form.start()], places[form.end() - 1] + 1
        if found := _JUDGES[str(form.lastgroup)](form[0], text[max(0, start - 24) : start], text[end : end + 8]):
            kind, reason = found
            tail = _EXTENSION.match(text, end) if kind == "phone" and form.lastgroup != "mobile" else None
            yield Found(start, tail.end() if tail else end, kind, reason, _key(kind, form[0]))


def _key(kind: str, value: str) -> str:
    digits = "".join(character for character in value if character.isalnum())
    return re.sub("^(?:00)?86(?=1[0-9]{10}$)|^0(?=1[3-9][0-9]{9}$)", "", digits) if kind == "phone" else digits


def _identity(value: str, before: str, after: str) -> tuple[str, str] | None:
    digits = value.replace(" ", "")
    if not _PROVINCES.match(digits) and not _IDENTITY.search(before):
        return _card(value, before, after) or _told(value, before, after)
    if checks(digits):
        return "identity", "身份证号码，校验位相符"
    if _OTHER.search(before):
        return None
    return "identity", "身份证号码的样子，校验位不符，仍予隐去"


def checks(digits: str) -> bool:
    """Whether the last of 18 characters is the check digit of the 17 before (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits[:17]))
    return "10X98765432"[total % 11] == digits[17]


def _old(value: str, before: str, after: str) -> tuple[str, str] | None:
    digits = value.replace(" ", "")
    if _PROVINCES.match(digits) and not _OTHER.search(before):
        return "identity", "十五位旧身份证号码"
    return _card(value, before, after) or _told(value, before, after)


def _mobile(value: str, before: str, after: str) -> tuple[str, str] | None:
    groups = value.strip("+").split()
    dated = len(groups) > 2 and len(groups[0]) == 4 and groups[0][:2] in ("19", "20") and len(groups[1]) < 3
    money = _UNIT.match(after) and (len(groups) == 1 or {len(group) for group in groups[1:]} == {3})
    account = _CARD.search(before) and " " not in value and len(value) > 11
    return None if dated or money or account else ("phone", "手机号码")


def _card(value: str, before: str, after: str) -> tuple[str, str] | None:
    digits = value.replace(" ", "")
    if _UNIT.match(after):
        return None
    fours = re.fullmatch(r"[3-6]\d{3}(?: \d{4}){2,3} \d{3,4}", value)
    union = (
        len(digits) >= 16 and digits.startswith("62") and not _OTHER.search(before)
    )  # every card of UnionPay begins so
    if _CARD.search(before) or fours or union:
        return "card", "银行卡号，校验位相符" if luhn.is_valid(
            digits
        ) else "银行卡号的样子或前文如此说，校验位不符，仍予隐去"
    plausible = len(digits) >= 16 and digits[0] in "3456" and luhn.is_valid(digits) and not _OTHER.search(before)
    return ("card", "银行卡号，校验位相符") if plausible else _told(value, before, after)


def _landline(value: str, before: str, after: str) -> tuple[str, str] | None:
    if _OTHER.search(before) or _UNIT.match(after):
        return None
    return "phone", "固定电话，带区号"


def _local(value: str, before: str, after: str) -> tuple[str, str] | None:
    return ("phone", "固定电话，前文说是电话") if _LOCAL.search(before) and not _UNIT.match(after) else None


def _told(value: str, before: str, after: str) -> tuple[str, str] | None:
    """A number whose length fits nothing, that the words before it call a number of a person."""
    digits = value.replace(" ", "")
    if _UNIT.match(after) or _OTHER.search(before):
        return None
    if _IDENTITY.search(before) and len(digits) >= 15:
        return "identity", "前文说是身份证号，位数或日期不符，仍予隐去"
    if _CARD.search(before) and len(digits) >= 12:
        return "card", "前文说是卡号或账号"
    if _CALL.search(before) and digits[0] == "1" and digits[1] in "3456789" and 10 <= len(digits) <= 12:
        return "phone", "前文说是电话，位数不符，仍予隐去"
    return None


_JUDGES = {
    "identity": _identity,
    "old": _old,
    "mobile": _mobile,
    "card": _card,
    "landline": _landline,
    "local": _local,
    "told": _told,
}
