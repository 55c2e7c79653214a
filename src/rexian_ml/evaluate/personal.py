# SPDX-License-Identifier: Apache-2.0
"""Sentences with personal data whose places are known, made from frames and forms of our own, and read from marked files.

A third of the given names are of rare characters; numbers are random. Nobody in them exists.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stdnum import luhn

from rexian_ml.redact import Found
from rexian_ml.redact.numbers import checks

MARK = re.compile(r"\{([a-z]+):([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Case:
    """A text and the personal data in it: kind, start, end."""

    text: str
    marks: tuple[tuple[str, int, int], ...]

    def missed(self, found: Iterable[Found]) -> list[tuple[str, int, int]]:
        """The marks of which a letter or digit is not covered by finds of their kind."""
        covered: dict[str, set[int]] = {kind: set() for kind, _, _ in self.marks}
        for one in found:
            covered.setdefault(one.kind, set()).update(range(one.start, one.end))
        return [
            mark
            for mark in self.marks
            if any(self.text[place].isalnum() and place not in covered[mark[0]] for place in range(*mark[1:]))
        ]

    def wrong(self, found: Iterable[Found]) -> list[Found]:
        """The finds that touch no mark."""
        return [one for one in found if not any(one.start < end and start < one.end for _, start, end in self.marks)]


def parse(line: str) -> Case:
    """A line in which personal data is marked {kind:value}."""
    parts: list[str] = []
    marks: list[tuple[str, int, int]] = []
    place = length = 0
    for one in MARK.finditer(line):
        parts += (line[place : one.start()], one[2])
        start = length + one.start() - place
        length = start + len(one[2])
        marks.append((one[1], start, length))
        place = one.end()
    return Case("".join((*parts, line[place:])), tuple(marks))


def read(path: Path) -> list[Case]:
    """The cases of a marked file, one a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [parse(line) for line in lines if line and not line.startswith("#")]


SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "令狐", "慕容", "端木")
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英建国志文斌辉鹏飞浩宇轩涵梓欣怡雨嘉佳晨阳思彤雪梦琪瑶凤珍琴云美淑惠爱春菊香莲荣秋德民福贵生根水旺发才"
RARE = "鲲骅珩翊祎芃昀晗懋彧煊琬湉朵糖可乐圆豆舟渡野麓砚禾樾霁栩祺灏垚淼焱犇赟翀翯昶"
FOREIGN = (
    "买买提·艾力",
    "阿不都热依木·吐尔逊",
    "古丽米热·艾合买提",
    "帕提古丽·玉素甫",
    "迪丽努尔·阿不力米提",
    "玛丽·史密斯",
    "大卫·威尔逊",
    "扎西·多吉",
    "艾尔肯·肉孜",
)
DIGITS = ("０１２３４５６７８９", "零一二三四五六七八九", "〇幺二三四五六七八九", "零壹贰叁肆伍陆柒捌玖")


def full_name(dice: random.Random) -> str:
    given = GIVEN if dice.random() < 0.67 else RARE
    surname = dice.choice(COMPOUND) if dice.random() < 0.06 else dice.choice(SURNAMES)
    return surname + "".join(dice.choice(given) for _ in range(dice.choice((1, 2, 2, 2))))


def digits(dice: random.Random, count: int) -> str:
    return "".join(str(dice.randrange(10)) for _ in range(count))


def identity(dice: random.Random) -> str:
    """18 characters with the right check digit, or in one of ten the wrong one."""
    place = dice.choice(("110105", "370202", "440306", "510104", "310115", "230103", "650102"))
    body = f"{place}{dice.randrange(1940, 2015)}{dice.randrange(1, 13):02d}{dice.randrange(1, 29):02d}{digits(dice, 3)}"
    right = next(last for last in "0123456789X" if checks(body + last))
    return body + (right if dice.random() > 0.1 else dice.choice([last for last in "0123456789X" if last != right]))


def card(dice: random.Random) -> str:
    body = dice.choice(("622202", "621700", "622848", "436742", "521899", "356868")) + digits(
        dice, dice.choice((9, 12))
    )
    return body + str(luhn.calc_check_digit(body))


def mobile(dice: random.Random) -> str:
    return "1" + dice.choice("3456789") + digits(dice, 9)


def disguise(dice: random.Random, number: str) -> str:
    """One of the ways in which people write a number so that a simple search misses it."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda n: n,
        lambda n: n.translate(str.maketrans("0123456789", dice.choice(DIGITS))),
        lambda n: "".join(
            character.translate(str.maketrans("0123456789", DIGITS[dice.randrange(3)]))
            if dice.random() < 0.5
            else character
            for character in n
        ),
        lambda n: dice.choice((" ", "\u3000", "-", "—", ".", "·")).join((n[:3], n[3:7], n[7:])),
        lambda n: dice.choice((" ", "-", "，", "、", " - ")).join(n),
        lambda n: n[:3] + dice.choice("\u200b\u200d\ufeff\u2060") + n[3:7] + "\u200b" + n[7:],
        lambda n: n[0] + n[1:].replace("0", "O"),
        lambda n: "".join(chr(0x1D7CE + int(one)) if one.isdigit() else one for one in n),
    )
    return dice.choice(ways)(number)


def plate(dice: random.Random) -> str:
    head = dice.choice("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼") + dice.choice("ABCDEFGHJK")
    tail = dice.choice(
        (
            digits(dice, 5),
            "D" + digits(dice, 5),
            digits(dice, 5) + "F",
            digits(dice, 4) + dice.choice("警学挂"),
            dice.choice("ABCDEFGH") + digits(dice, 4),
        )
    )
    ways: tuple[Callable[[str, str], str], ...] = (
        lambda a, b: a + b,
        lambda a, b: f"{a}·{b}",
        lambda a, b: f"{a} {b}",
        lambda a, b: (a + b).lower(),
        lambda a, b: "".join(chr(ord(one) + 0xFEE0) if one.isascii() else one for one in a + b),
        lambda a, b: " ".join(a + b),
    )
    return dice.choice(ways)(head, tail)


def door(dice: random.Random) -> str:
    a, b, c = dice.randrange(1, 40), dice.randrange(1, 7), dice.randrange(1, 33) * 100 + dice.randrange(1, 5)
    hundred = "零一二三四五六七八九"
    written = "".join(hundred[int(one)] for one in str(c))
    return dice.choice(
        (
            f"{a}号楼{b}单元{c}室",
            f"{a}栋{b}单元{c}",
            f"{a}幢{c}室",
            f"{a}-{b}-{c}",
            f"{a}#{b}-{c}",
            f"{b}栋{b}单元{written}室",
            f"{a}号楼 {b}单元 {c}室",
            f"{a}座{c}室",
        )
    )


def email(dice: random.Random) -> str:
    user = dice.choice(("zhang", "li.si", "wang_wu", "sunny", "abc")) + digits(dice, 3)
    domain = dice.choice(("qq.com", "163.com", "example.cn", "mail.example.com.cn"))
    return dice.choice(
        (f"{user}@{domain}", f"{user}＠{domain}", f"{user} @ {domain}", f"{user}(at){domain}", f"{user}艾特{domain}")
    )


def birthday(dice: random.Random) -> str:
    y, m, d = dice.randrange(1930, 2019), dice.randrange(1, 13), dice.randrange(1, 29)
    year = "".join("零一二三四五六七八九"[int(one)] for one in str(y))
    return dice.choice(
        (
            f"{y}年{m}月{d}日",
            f"{y}-{m:02d}-{d:02d}",
            f"{y}.{m}.{d}",
            f"{y}{m:02d}{d:02d}",
            f"{year}年{'一二三四五六七八九'[m % 9]}月",
            f"{y}年{m}月",
        )
    )


FRAMES: dict[str, tuple[Callable[[random.Random], str], tuple[str, ...]]] = {
    "name": (
        full_name,
        (
            "我叫{}，想反映小区停水的问题。",
            "本人{}，是该小区业主。",
            "联系人：{}，请尽快回复。",
            "业主{}反映楼道灯坏了。",
            "我是{}，住在附近。",
            "投诉人{}称商家不退款。",
            "姓名：{} 性别：女",
            "邻居{}的狗半夜叫。",
            "包工头{}拖欠工资。",
            "我父亲{}今年八十岁。",
            "举报人：{}，要求保密。",
            "司机{}拒载。",
            "学生{}在校受伤。",
            "房东{}不退押金。",
            "收件人{}，电话不变。",
            "村民{}家门口积水。",
            "当事人{}要求道歉。",
            "法定代表人{}已经失联。",
            "患者{}的报销没有到账。",
            "我爱人{}在这里工作。",
        ),
    ),
    "phone": (
        lambda dice: (
            disguise(dice, mobile(dice))
            if dice.random() < 0.8
            else f"0{dice.choice(('532', '22', '10', '755', '351'))}-{dice.randrange(2, 9)}{digits(dice, 7)}"
        ),
        (
            "我的电话{}，随时联系。",
            "请拨打{}找我。",
            "手机：{}。",
            "对方号码是{}，一直骚扰。",
            "{}是我的号。",
            "回电请打{}，谢谢。",
        ),
    ),
    "identity": (
        lambda dice: disguise(dice, identity(dice)),
        ("身份证{}，请查。", "我的证件号码是{}。", "身份证号：{}，户口在外地。", "{}是我的身份证。"),
    ),
    "card": (
        lambda dice: (lambda n: dice.choice((n, " ".join(re.findall(".{1,4}", n)), "-".join(re.findall(".{1,4}", n)))))(
            card(dice)
        ),
        ("工资卡{}没到账。", "请退到卡号{}。", "钱打到{}了。"),
    ),
    "plate": (plate, ("车牌{}长期占道。", "一辆{}停在消防通道。", "{}的司机拒载。")),
    "wechat": (
        lambda dice: dice.choice(("abc", "li_", "wx-", "happy")) + digits(dice, dice.choice((4, 6))) + "z",
        ("微信号{}，发照片。", "加我微信{}。", "微信：{}", "vx：{}"),
    ),
    "qq": (
        lambda dice: str(dice.randrange(1, 10)) + digits(dice, dice.choice((5, 8, 9))),
        ("QQ{}，发截图。", "我的QQ号是{}。", "扣扣：{}"),
    ),
    "email": (email, ("邮箱{}，请发材料。", "发到{}。", "我的邮件：{}")),
    "birthday": (
        birthday,
        ("我{}出生，能退休吗？", "出生日期：{}。", "生日是{}，能领津贴吗？", "孩子生于{}，能入学吗？"),
    ),
    "door": (
        door,
        ("家住幸福小区{}，暖气不热。", "锦绣花园{}漏水。", "地址：河东区新华路阳光公寓{}。", "翠湖苑{}装修扰民。"),
    ),
}


def made(count: int, seed: int) -> Iterator[Case]:
    """`count` cases for each kind."""
    dice = random.Random(seed)  # noqa: S311 - examples, not secrets
    for kind, (make, frames) in FRAMES.items():
        for _ in range(count):
            yield parse(dice.choice(frames).format("{" + kind + ":" + make(dice) + "}"))
    for name in FOREIGN:
        yield parse(f"我叫{{name:{name}}}，想咨询居住证。")
        yield parse(f"{{name:{name}}}反映小区停水。")
