# SPDX-License-Identifier: Apache-2.0
"""Requests with their elements marked, made from a grammar of our own: {who:…} {when:…} {where:…} {what:…} {cause:…}."""

import random
from collections.abc import Iterator

from rexian_ml.evaluate.personal import Case, parse
from rexian_ml.extract import Area, Gazetteer

WHEN = (
    "昨晚八点", "上周三晚上", "今天上午", "前天", "10月1号", "去年冬天", "三天前", "上个月15号", "国庆期间", "今早7点", "大前天下午三点半", "11月12号晚上",
    "上周末", "昨天20:30", "9月底", "2020年8月20日", "两小时前", "星期天", "凌晨三点", "最近三个月", "2020-10-15", "去年国庆", "本月10日", "今年6月18日",
)  # fmt: skip
ROADS = ("解放路", "新华路", "长江路", "青年路", "滨江大道", "学院路", "文化街", "胜利路")
SITES = (
    "幸福小区",
    "锦绣花园",
    "阳光家园",
    "翠湖公寓",
    "人民公园",
    "第三中学",
    "万达广场",
    "市中心医院",
    "李家庄村",
    "和平新村",
)
AREAS = ("河东区", "河西区", "东湖区", "河东区大王庄街道", "")
CITY = Gazetteer(
    (Area("990102", "河东区"), Area("990103", "河西区"), Area("990104", "东湖区"), Area("990102001", "大王庄街道"))
)
"""The areas of the made requests."""
WHO = (
    "物业公司", "开发商", "施工队", "包工头", "房东", "培训机构", "自来水公司", "交警", "出租车司机", "张建国", "李老师", "春江建设有限公司", "城管",
    "快递员", "村委会",
)  # fmt: skip
DEEDS = ("乱收费", "拖欠工资", "不退押金", "态度恶劣", "推诿扯皮", "不退费", "野蛮施工", "打人", "乱停车", "不处理投诉")
FAULTS = (
    "停水", "停电", "路灯不亮", "下水道堵塞", "井盖破损", "路面塌陷", "垃圾成堆", "噪音扰民", "积水严重", "油烟扰民", "电梯经常坏", "红绿灯不亮", "暖气不热",
)  # fmt: skip
CAUSES = ("管道老化", "暴雨", "施工挖断电缆", "水泵故障", "没人维护", "设备故障", "排水不畅")
ASKS = ("办理居住证需要什么材料", "低保怎么申请", "孩子落户需要什么条件", "医保报销比例是多少", "公积金怎么提取")
FRAMES = (
    "{when}{where}{fault}，请尽快处理。",
    "{where}{fault}，希望有关部门解决。",
    "由于{cause}，{where}{fault}。",
    "{where}{fault}，原因是{cause}。",
    "{who}{deed}，{when}就反映过。",
    "您好，{when}{who}{deed}。",
    "{cause}导致{where}{fault}。",
    "请问{ask}？",
    "投诉{who}{deed}。",
    "{when}在{where}，{who}{deed}。",
    "市民反映{where}{fault}，已经三天了。",
    "因为{cause}，{when}{where}{fault}。",
    "咨询{ask}。",
    "我要投诉{who}{deed}，没有人管。",
)


def _where(dice: random.Random) -> str:
    road, site = dice.choice(ROADS), dice.choice(SITES[:4])
    places = (f"{road}{dice.randrange(1, 200)}号", road, dice.choice(SITES), f"{site}{dice.randrange(1, 30)}号楼")
    return dice.choice(AREAS) + dice.choice(places)


def made(count: int, seed: int) -> Iterator[Case]:
    """`count` requests, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - examples, not secrets
    for _ in range(count):
        parts = {
            "when": ("when", dice.choice(WHEN)), "where": ("where", _where(dice)), "who": ("who", dice.choice(WHO)), "cause": ("cause", dice.choice(CAUSES)),
            "deed": ("what", dice.choice(DEEDS)), "fault": ("what", dice.choice(FAULTS)), "ask": ("what", dice.choice(ASKS)),
        }  # fmt: skip
        yield parse(
            dice.choice(FRAMES).format(**{slot: f"{{{kind}:{value}}}" for slot, (kind, value) in parts.items()})
        )
