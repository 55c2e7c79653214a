# SPDX-License-Identifier: Apache-2.0
"""The five indicators of the networked dimension. Pure."""

from rexian.assessment.evidence.base import Evidence, Part, Row, averaged, measure, pooled
from rexian.assessment.evidence.facts import Channel, Facts
from rexian.assessment.translation import gettext_noop

SLOTS = (
    (gettext_noop("网站"), ("web",)),
    (gettext_noop("客户端"), ("app",)),
    (gettext_noop("微信"), ("wechat",)),
    (gettext_noop("小程序"), ("miniprogram",)),
)
"""The four kinds of online channels that the index names, each with the codes of its channels."""
NAMED = frozenset(code for _name, codes in SLOTS for code in codes)
OTHER_KINDS = 2
"""Other channels that make the fifth part full."""
CARRYING = (
    (gettext_noop("微信（含小程序）"), ("wechat", "miniprogram")),
    (gettext_noop("网站"), ("web",)),
    (gettext_noop("客户端"), ("app",)),
)
FLOOR = 0.01
"""A channel carries its part from this share of all orders."""
RELIEF = 0.5
"""Share of requests beside the telephone that is full."""


def _count(facts: Facts, codes: tuple[str, ...]) -> int:
    return sum(one.orders for one in facts.channels if one.code in codes)


@measure(
    "N1.1", gettext_noop("网站、客户端、微信、小程序各看统计期内有没有收到工单；电话以外的其他渠道合为一份，两种即满")
)
def diversity(facts: Facts) -> Evidence:
    """Kinds of channels beside the telephone by which orders came in, of five."""
    others = tuple(one.code for one in facts.channels if one.code not in NAMED and not one.spoken and one.orders)
    named = [Part(name, _count(facts, codes), facts.orders, 1.0, channels=codes) for name, codes in SLOTS]
    rest = Part(gettext_noop("其他渠道种类"), len(others), facts.orders, OTHER_KINDS, channels=others)
    return averaged(facts.period, (*named, rest))


@measure("N1.2", gettext_noop("已派工单中，按各渠道共用的规则包条款计算时限的份额，逐渠道列出"))
def one_rule(facts: Facts) -> Evidence:
    """Dispatched orders under a rule pack that every channel with dispatched orders uses."""
    by_channel: dict[str, dict[str, int]] = {}
    for one in facts.ruled:
        by_channel.setdefault(one.channel, {})[one.pack] = one.orders
    packs = [set(found) - {""} for found in by_channel.values()]
    shared = set.intersection(*packs) if packs else set()
    names = {one.code: one.name for one in facts.channels}
    rows = []
    for channel, found in by_channel.items():
        hits, total = sum(found.get(pack, 0) for pack in shared), sum(found.values())
        rows.append(Row(names.get(channel, channel), hits, total, hits, total, (channel,)))
    return pooled(facts.period, rows)


@measure(
    "N1.3", gettext_noop("统计期内收到的工单中，经同一前台受理、并归到同一诉求人档案（跨渠道可查）的份额，逐渠道列出")
)
def joined(facts: Facts) -> Evidence:
    """Orders accepted at the one desk and filed under a citizen's record, by channel."""
    return pooled(facts.period, [_channel(one, one.joined) for one in facts.channels if one.orders])


def _channel(one: Channel, hits: int) -> Row:
    return Row(one.name, hits, one.orders, hits, one.orders, (one.code,))


@measure("N2.1", gettext_noop("微信、网站、客户端三类中，工单占全部工单 1% 以上的类数"))
def volume(facts: Facts) -> Evidence:
    """Online channels that carry at least 1 % of all orders, of three; the population, for the other half, is in no table."""
    total = facts.orders
    if not total:
        return pooled(facts.period, ())
    rows = []
    for name, codes in CARRYING:
        count = _count(facts, codes)
        rows.append(Row(name, float(count >= FLOOR * total), 1.0, count, total, codes))
    lacks = gettext_noop("每万人口在线诉求量：城市资料里没有常住人口；补上这一项即可计算")
    return pooled(facts.period, rows, coverage=0.5, lacks=lacks)


@measure("N2.2", gettext_noop("统计期内电话以外的工单占全部工单的份额，50% 为满"))
def relief(facts: Facts) -> Evidence:
    """Orders beside the telephone, full at half; the share of calls connected needs a record of calls."""
    rows = [_channel(one, 0 if one.spoken else one.orders) for one in facts.channels if one.orders]
    lacks = gettext_noop("电话接通率：没有话务记录；接入话务平台、逐通记下来电和接通时间后可算")
    return pooled(facts.period, rows, full=RELIEF, coverage=2 / 3, lacks=lacks)


MEASURES = (diversity, one_rule, joined, volume, relief)
