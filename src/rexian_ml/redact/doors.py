# SPDX-License-Identifier: Apache-2.0
"""The door of an address in folded text: house number, building with unit and room. District, street and estate stay: the work needs them."""

import re
from collections.abc import Iterator

from rexian_ml.redact.found import Found

_N = r"[\d十百]{1,5}"
_GAP = r"[ \-]{0,2}"
_COMMA = r"[ ,，、\-]{0,2}"
_BUILDING = rf"(?:[东西南北]?[A-Za-z]?{_N}[A-Za-z甲乙丙丁]?(?:号楼|号院|号|栋楼?|幢楼?|座楼?|#楼?|楼|区|排)|[A-Za-z甲乙丙丁东西南北](?:座|栋|幢|区))"
_BUILDINGS = rf"(?<!\d)(?:{_N} ?弄{_GAP})?{_BUILDING}(?:{_GAP}{_BUILDING}){{0,2}}"
_UNIT = rf"{_N} ?(?:单元|门洞|门|梯)"
_FLOOR = rf"(?:{_N} ?(?:层|楼){_COMMA})?"
_SIDE = r"[东西南北中左右]{1,2}[户室门](?!口)"
_CHAMBER = rf"(?:室(?!{_N}?[厅卫])|房(?![间屋产子东租价])|号房)"
_FOUR = r"[A-Za-z]?\d{3,4}[A-Za-z]?"
_PLAIN = r"\d{3,4}(?=[,，。；;、 （）()]|$|的|住|业主|家|电话|反映|漏|停)"
_AFTER_UNIT = (
    rf"(?:{_FOUR}(?:{_CHAMBER}|号|户)?(?![\d年月人户元块天米平度吨多余个名万])|{_N}(?:{_CHAMBER}|号(?![线楼]))|{_SIDE})"
)
_WHOLE = re.compile(
    rf"{_BUILDINGS}{_COMMA}{_UNIT}(?:{_COMMA}{_FLOOR}{_AFTER_UNIT})?"
    rf"|{_BUILDINGS}{_COMMA}{_FLOOR}(?:(?:{_FOUR}|{_N}){_CHAMBER}|{_SIDE})"
    rf"|{_BUILDINGS}{_GAP}{_FLOOR}{_PLAIN}"
    rf"|(?<!\d){_UNIT}{_COMMA}{_FLOOR}{_AFTER_UNIT}"
    rf"|(?<![\dA-Za-z]){_FOUR}(?:室(?!{_N}?[厅卫])|号房)"
    rf"|(?<=[住在]){_FOUR}{_CHAMBER}"
)
_DASHED = re.compile(
    r"(?<=[小区苑园城府里庭湾居邸郡都庄院村寓墅轩阁坊楼栋幢座#住址舍厦场在于是为:： ]) ?"
    r"(?P<value>[A-Za-z]?\d{1,2} ?(?:号楼|栋|幢|座|#)?-? ?"
    r"(?:(?<=[\-#楼栋幢座 ])\d{1,2} ?(?:单元)?- ?\d{3,4}|(?<=[\-#楼栋幢座])\d{3,4})[室房号]?)"
    r"(?![\d年月日人户米元天度吨平层路个\-])"
)
_ROAD = (
    r"(?:(?<![知报频街渠通难味铁轨国省县])道|(?<![这那哪家夜心村群店手院城月])里|[路街巷弄村庄屯坊寨堡组院区]"
    r"|胡同|大道|公路|街道(?= ?\d{1,4}号))"
)
_NOT_HOUSE = (
    r"(?!线|门(?![口前])|口|馆|坑|井|车|台|桥|机|地块|灯|杆|泵|站|楼|厅|店|库|公路|文|令|规|通知"
    r"|上午|下午|晚|早|中午|凌晨|开始|起|那天|左右|之前|以前|之后|以后|前后)"
)
_NUMBER = rf"[甲乙丙丁]?{_N}(?:-\d{{1,3}})?[甲乙丙丁A-Za-z]? ?号{_NOT_HOUSE}(?:院(?![长子内]))?(?:附 ?{_N} ?号|之{_N})?"
_HOUSE = re.compile(rf"{_ROAD} ?(?P<value>(?:第?{_N} ?[弄组排]{_GAP})?{_NUMBER})")
_HOME = re.compile(
    rf"(?:家住|住在|住址|地址|户籍|现住|居住于|门牌号?)[^。；;\ue000]{{0,20}}?(?<![\d月年])(?P<value>{_NUMBER})"
)


_HINT = re.compile(r"[\d十百A-Za-z甲乙丙丁东西南北中左右] ?[单室房号栋幢座#楼门户梯层组弄\-]")
"""Without one of these there is no door, and the long patterns need not look."""


def find(text: str) -> Iterator[Found]:
    """The doors in a folded text."""
    if not _HINT.search(text):
        return
    for one in _WHOLE.finditer(text):
        yield _found(one.start(), one.end(), text, "楼栋、单元或房号")
    for pattern, reason in ((_DASHED, "楼栋与房号的简写"), (_HOUSE, "门牌号"), (_HOME, "住址中的门牌号")):
        for one in pattern.finditer(text):
            yield _found(*one.span("value"), text, reason)


def _found(start: int, end: int, text: str, reason: str) -> Found:
    value = text[start:end].rstrip(" ,，、-")
    return Found(start, start + len(value), "door", reason, re.sub(r"[ ,，、\-]", "", value))
