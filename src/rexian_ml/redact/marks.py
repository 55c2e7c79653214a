# SPDX-License-Identifier: Apache-2.0
"""Vehicle plates, e-mail, WeChat and QQ, other documents and birthdays in folded text."""

import re
from collections.abc import Iterator

from rexian_ml.redact.found import Found

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_S = r"[ ·•・.\-]{0,2}"
_TAIL = rf"(?:[A-HJ-Z0-9]{_S}){{4,5}}[A-HJ-Z0-9挂学警港澳领试超](?![A-Za-z0-9])"
_PLATE = re.compile(
    rf"[{PROVINCES}]{_S}[A-Z]{_S}{_TAIL}|(?<![A-Za-z])WJ{_S}[{PROVINCES}]?{_S}\d(?:{_S}[A-Z0-9]){{4,5}}(?![A-Za-z0-9])"
    rf"|使{_S}\d(?:{_S}\d){{5}}(?!\d)|(?<!\d)\d(?:{_S}\d){{5}}{_S}使(?!用|得|人|我|他|她|其)",
    re.I,
)
_TOLD_PLATE = re.compile(
    r"(?:车牌|牌照|车号|车辆号牌|号牌)[号码尾是为:： ]{0,4}"
    rf"(?P<value>[{PROVINCES}军空海北沈兰济南广成]?{_S}[A-Z]?{_S}(?:[A-Z0-9]{_S}){{4,5}}[A-Z0-9挂学警])(?![A-Za-z0-9])",
    re.I,
)
_PROVIDER = r"(?:qq|163|126|sina|gmail|outlook|hotmail|foxmail|sohu|139|189)[.。点]"
_AT = rf"\s?(?:@|#(?={_PROVIDER})|[\[(（]\s?at\s?[\])）]|艾特|(?<= )at(?= ))\s?"
_DOT = r"\s?(?:\.|。|(?<![一-鿿])点|(?<= )dot(?= ))\s?"
_EMAIL = re.compile(
    rf"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._%+\-]{{0,63}}{_AT}[A-Za-z0-9\-]{{1,63}}(?:{_DOT}[A-Za-z]{{2,10}}){{1,3}}",
    re.I,
)
_IS = r"(?:号码?|ID|帐号|账号|名)?(?:同号)?(?:是|为|叫|[:：= ]){0,3}"
_WECHAT = re.compile(
    rf"(?:[微薇威徽V] ?信|wechat|weixin|(?<![A-Za-z])[wv]x|加我?V)(?:{_IS})(?P<value>[A-Za-z](?:[A-Za-z0-9_\-]){{5,19}}|\d{{6,12}})(?![A-Za-z0-9_@])",
    re.I,
)
_QQ = re.compile(
    r"(?:(?<![A-Za-z])QQ|Q Q|扣扣|抠抠|企鹅) ?(?:号码?)?(?:是|为|[:： ]){0,3}(?P<value>[1-9](?:[ \-]{0,2}\d){4,11})(?!\d|[ ]?(?:元|块))",
    re.I,
)
_DOCUMENT = re.compile(
    r"(?:护照|通行证|军官证|士兵证|居留证|居住证|台胞证|回乡证|残疾证|退役证|毕业证)(?:编?号码?)?(?:是|为|[:： ]){0,3}"
    r"(?P<value>[A-Z]{0,2}[军空海武]?字?第?\d{6,20}号?)",
    re.I,
)
_N = r"[\d十廿卅初]{1,3}"
_YEAR = r"(?:(?:19|20)\d\d|(?<!\d)\d\d)"
_DATE = rf"{_YEAR} ?[年./\-] ?{_N}(?: ?(?:月份?|[./\-]) ?(?:{_N} ?[日号]?)?)?|(?:19|20)\d{{6}}(?!\d)|{_YEAR}年"
_LUNAR = r"(?:农历|阴历|阳历|公历|旧历)?"
_BIRTHDAY = rf"(?:正|腊|冬|{_N}) ?月 ?{_N} ?[日号]?|\d{{1,2}}[./\-]\d{{1,2}}(?!\d)"
_BORN = re.compile(
    rf"(?:出生(?:日期|年月日?|时间)?|生于|生日|生辰)(?:是|为|在|于|[:： ]){{0,3}}{_LUNAR}(?P<after>{_DATE}|{_BIRTHDAY})"
    rf"|(?P<feast>{_BIRTHDAY})(?:的|是我的?)?生日|(?P<before>{_DATE}){_LUNAR} ?(?:出生|生人|生(?=[,，。；;、）) ]|的|$)|生日)"
)


def find(text: str) -> Iterator[Found]:
    """All of these but plates in a folded text."""
    yield from (Found(*one.span(), "email", "电子邮箱", _squeeze(one[0]).lower()) for one in _EMAIL.finditer(text))
    yield from _told(_WECHAT, text, "wechat", "前文说是微信号")
    yield from _told(_QQ, text, "qq", "前文说是 QQ 号")
    yield from _told(_DOCUMENT, text, "document", "前文说是证件号")
    for one in _BORN.finditer(text) if "生" in text else ():
        group = str(one.lastgroup)
        value = one[group].rstrip(" ")
        yield Found(one.start(group), one.start(group) + len(value), "birthday", "出生日期", _squeeze(value))


def plates(text: str) -> Iterator[Found]:
    """Plates in a text whose Chinese numerals are left: 鲁B12345一直 has no sixth digit."""
    for one in _PLATE.finditer(text):
        if sum(map(str.isdigit, one[0])) >= 2:
            yield Found(*one.span(), "plate", "机动车号牌", _squeeze(one[0]).upper())
    for told in _told(_TOLD_PLATE, text, "plate", "前文说是车牌"):
        if sum(map(str.isdigit, told.key)) >= 2:
            yield told


def _told(pattern: re.Pattern[str], text: str, kind: str, reason: str) -> Iterator[Found]:
    for one in pattern.finditer(text):
        yield Found(*one.span("value"), kind, reason, _squeeze(one["value"]).lower())


def _squeeze(value: str) -> str:
    return re.sub(r"[ ·•・\-]", "", value)
