# SPDX-License-Identifier: Apache-2.0
"""What a request says first once greetings, who speaks and what is asked of whom are left out: for titles, and for what makes two requests alike."""

import re

from rexian_ml import places

_GREETING = r"(?:尊敬的|敬爱的)[^，,。：:！!\s]{1,12}|各位领导|领导们?|[你您]们?好|政府"
_WHO = (
    r"(?:(?:来电人|来话人|来电市民|诉求人|反映人|投诉人|举报人|市民|居民|村民|业主|群众|网友|家长|学生|[㐀-鿿]{1,2}(?:先生|女士)|我们?|本人)"
    r"(?:匿名|实名)?|匿名|有人)?"
)
_OPENING = re.compile(
    rf"(?:{_GREETING})[，,。：:！!、\s]+"
    rf"|{_WHO}(?:来电|致电|来信|留言|再次|多次)*(?:反映|表示|反馈|称|说)(?:其|说|称|道|了|，|,|：|:|\s)*"
    rf"|(?:来电人|来话人|来电市民|诉求人|反映人|投诉人|举报人|市民|群众)(?:来电|致电|再次|多次)*(?=咨询|投诉|举报|求助|建议|询问)"
)
_STOCK = re.compile(
    r"(?:希望|请|望|恳请|盼|要求|建议|麻烦)[^，,。！!？?；;]{0,16}(?:处理|解决|核实|重视|回复|答复|关注|协调|查处|给个说法|为盼)[^，,。！!？?；;]{0,4}"
    r"|(?:非常|万分|深表)?(?:感谢|谢谢)[^，,。！!？?；;]{0,6}|此致|敬礼|以上情况(?:属实)?"
)
_END = re.compile(r"[，,。！!？?；;\n]")
SHORTEST, LONGEST = 4, 40
"""Characters of a title: what is shorter says nothing, what is longer is cut."""


def gist(text: str) -> str:
    """A text without its openings and without the clauses that ask to be helped; as it was where nothing would be left."""
    rest = text.strip()
    while (opening := _OPENING.match(rest)) and opening.end():
        rest = rest[opening.end() :]
    rest = _STOCK.sub("", rest).strip("，,。：:！!、； \t\n")
    return rest if len(rest) >= SHORTEST else text


def headline(text: str, place: str = "") -> str:
    """The first clause that says something, with the place before it where it names none."""
    clauses = (one.strip() for one in _END.split(gist(text)))
    told = next((one for one in clauses if len(one) >= SHORTEST), text.strip())[:LONGEST]
    return f"{place} {told}" if place and not places.keys(told) and place not in told else told
