# SPDX-License-Identifier: Apache-2.0
"""What the boards read: near the limit, back and forth, cards, loads; each within the reader's part of the tree, each by an index."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.db.models import QuerySet

from rexian.directory import clock
from rexian.directory.models import Staff
from rexian.orders import actions, boards, limits
from rexian.orders.deadlines import CARDS, load, parse
from rexian.orders.models import OrderEvent, WorkOrder
from rexian.security.errors import Forbidden
from rexian.security.identity import SYSTEM
from tests.factories import Town, closed, dispatched, received, replied

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def returned(town: Town, reason: str = "不属本单位职责") -> WorkOrder:
    """An order that the water company gave back and that was dispatched to it again."""
    order = actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason=reason, suggested=town.other)
    order = actions.accept_return(order=order, by=town.by("dispatcher"), reason="理由成立")
    return actions.dispatch(order=order, by=town.by("dispatcher"), category=town.outage, lead=town.water)


def test_near_and_past_are_what_the_limit_says(town: Town) -> None:
    order = dispatched(town)
    supervisor, head, stranger = town.by("supervisor"), town.by("head"), town.by("stranger")
    for when, near, past in ((-30, 0, 0), (-23, 1, 0), (0, 1, 0), (1, 0, 1)):
        now = order.due_at + when * HOUR
        assert (boards.near(supervisor, now).count(), boards.past(supervisor, now).count()) == (near, past)
        assert (boards.near(head, now).count(), boards.past(head, now).count()) == (near, past)
        assert not boards.near(stranger, now).union(boards.past(stranger, now)).exists(), "it only assists"


def test_the_last_urging_is_told(town: Town) -> None:
    order, other = dispatched(town), dispatched(town)
    for reason in ("快一点", "再快一点"):
        actions.urge(order=order, by=town.by("supervisor"), reason=reason)
    told = boards.urged([order, other])
    assert (list(told), told[order.pk].data["reason"]) == ([order.pk], "再快一点")


def test_a_head_urges_his_own_and_no_others(town: Town) -> None:
    order = dispatched(town)
    actions.urge(order=order, by=town.by("head"), reason="抓紧")
    with pytest.raises(Forbidden):
        actions.urge(order=order, by=town.by("clerk"), reason="抓紧")
    Staff.objects.filter(user=town.users["head"]).update(department=town.other)
    with pytest.raises(Forbidden):
        actions.urge(order=order, by=town.by("head"), reason="抓紧")


def test_the_chain_of_a_returned_order(town: Town) -> None:
    order = returned(town)
    (hops,) = boards.chains([order]).values()
    assert [(hop.department, hop.edge) for hop in hops] == [
        ("市自来水公司", "dispatch"), (None, "ask_return"), ("市自来水公司", "dispatch"),
    ]  # fmt: skip
    assert (hops[1].reason, hops[1].suggested, hops[1].decided) == ("不属本单位职责", "市住建局", "理由成立")
    assert [hop.until == after.since for hop, after in pairwise(hops)] == [True, True]
    assert hops[-1].until is None


def test_refused_returns_redos_and_the_end_stand_in_the_chain(town: Town) -> None:
    order = actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归我们管")
    order = actions.refuse_return(order=order, by=town.by("supervisor"), reason="没有依据")
    (hops,) = boards.chains([order]).values()
    assert [(hop.department, hop.reason) for hop in hops[1:]] == [(None, "不归我们管"), ("市自来水公司", "没有依据")]
    (hops,) = boards.chains([closed(town)]).values()
    assert [hop.department for hop in hops] == ["市自来水公司", None]
    assert hops[-1].until is not None


def test_silence_is_told_as_consent(town: Town) -> None:
    order = actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归我们管")
    order = actions.accept_return(order=order, by=SYSTEM, silent=True)
    (hops,) = boards.chains([order]).values()
    assert (hops[-1].department, hops[-1].silent, hops[-1].until) == (None, True, None)


def test_disputed_are_those_that_go_back_and_forth(town: Town) -> None:
    dispatched(town), received(town)
    again = returned(town)
    asked = actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归我们管")
    back = actions.accept_return(
        order=actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归"), by=SYSTEM
    )
    assert set(boards.disputed(town.by("supervisor"))) == {again, asked, back}
    assert set(boards.disputed(town.by("head"))) == {again, asked}, "what was taken back is no longer his"
    assert set(boards.disputed(town.by("stranger"))) == set(), "assisting is not having"


def test_cards_are_counted_where_the_order_was(town: Town) -> None:
    order = dispatched(town)
    actions.urge(order=order, by=town.by("supervisor"), reason="抓紧")
    actions.urge(order=order, by=town.by("head"), reason="自己催自己不算")
    with clock.at(order.due_at + HOUR):
        actions.red(order=order, by=SYSTEM)
        actions.supervise(order=order, by=town.by("supervisor"), reason="逾期", until=clock.today())
    before = actions.ask_return(order=dispatched(town), by=town.by("clerk"), reason="不归我们管")
    actions.urge(order=before, by=town.by("supervisor"), reason="退回前催的")
    actions.accept_return(order=before, by=town.by("dispatcher"))
    span = (clock.midnight(), order.due_at + 2 * HOUR)
    rules = limits.pack_of().cards
    (told,) = boards.collected(town.by("supervisor"), *span, rules)
    assert (told.name, dict(told.given)) == ("市自来水公司", {"urge": 2, "yellow": 0, "red": 1, "supervise": 1})
    assert told.points == sum(rule.points * told.given[rule.card] for rule in rules) > 0
    assert boards.collected(town.by("head"), *span, rules) == [told]
    assert boards.collected(town.by("stranger"), *span, rules) == []
    assert boards.collected(town.by("supervisor"), span[1], span[1] + HOUR, rules) == []


def test_loads_of_the_hotline_and_of_a_department(town: Town) -> None:
    replied(town), dispatched(town)
    signed = actions.sign(order=dispatched(town), by=town.by("clerk"))
    closed(town)
    hotline = {load.user.username: load for load in boards.loads(town.by("supervisor"), clock.midnight())}
    assert set(hotline) == {"agent", "dispatcher", "supervisor", "visitor"}
    dispatcher = hotline["dispatcher"]
    assert (dispatcher.orders, dispatcher.open, dispatcher.edges["dispatch"]) == (4, 3, 4)
    assert (
        dispatcher.done
        == sum(dispatcher.edges.values())
        == OrderEvent.objects.filter(user__username="dispatcher").count()
    )
    own = {load.user.username: load for load in boards.loads(town.by("head"), clock.midnight())}
    assert set(own) == {"clerk", "head"}
    assert own["clerk"].open == 1, signed
    assert own["clerk"].edges["sign"] == 3
    assert not any(load.open or load.done for load in boards.loads(town.by("stranger"), clock.midnight()))


def test_every_pack_says_what_follows_from_each_card() -> None:
    for pack in (load("common"), load("beijing-2021"), load("shandong-2020")):
        assert tuple(rule.card for rule in pack.cards) == CARDS
        assert all(rule.when and rule.follows and rule.source and rule.points >= 0 for rule in pack.cards)
    own = 'id = "own"\nversion = 1\ntitle = "本市"\nsource = "本市"\nbased_on = "common"\n'
    card = '[[card]]\ncard = "red"\nwhen = "逾期"\nfollows = "约谈"\npoints = 5\nsource = "本市办法"\n'
    pack = parse(own + card, load)
    assert [(rule.points, rule.official) for rule in pack.cards if rule.card == "red"] == [(5, True)]
    with pytest.raises(ValueError, match="cards must be"):
        parse(own + card.replace('"red"', '"purple"'), load)


def test_the_boards_leave_the_past_out(town: Town) -> None:
    """Where scanning is forbidden, each read finds an index of its own: at a million orders the planner takes it by itself."""
    supervisor, now = town.by("supervisor"), clock.now()
    assert "order_disputed" in _plan(boards.disputed(supervisor).order_by("-dispatches", "-pk")[:20])
    assert "event_cards" in _plan(boards._cards(supervisor, now - 30 * 24 * HOUR, now).values("pk"))
    assert "event_by_time" in _plan(OrderEvent.objects.filter(at__gte=now, user__in=[1, 2]).values("pk"))
    for rows in (boards.near(supervisor, now), boards.past(supervisor, now)):
        assert "Seq Scan on orders_workorder" not in _plan(rows.order_by("due_at", "pk")[:100])


def _plan(rows: QuerySet[WorkOrder] | QuerySet[OrderEvent]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return rows.explain()
