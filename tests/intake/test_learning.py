# SPDX-License-Identifier: Apache-2.0
"""Training on the town's own orders: a version goes live where it proves itself, is on record, and can be taken back; what waits is proposed anew."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from procrastinate.contrib.django.models import ProcrastinateJob

from rexian.directory import clock, queries
from rexian.directory.models import City
from rexian.intake import learning, proposals, readers, renewing, tasks, versions
from rexian.intake.comparing import Compared, Verdict
from rexian.intake.models import LearnedModel, ModelSwitch
from rexian.orders import actions
from rexian.orders.models import Correction, OrderEvent, WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import SYSTEM
from rexian_ml.shares import paired
from tests.factories import Town, closed, dispatched, received

OUTAGE = "小区停水两天了，水管没有水"
METER = "家里那个小盒子转得太快，是不是坏了"
"""Without a word of the categories: only orders teach what it is about."""


@pytest.fixture
def orders(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-five closed orders of two categories over 45 days."""
    monkeypatch.setattr(learning, "FEWEST", 10)
    now = clock.now()
    for number in range(25):
        text, category = (METER, town.policy) if number % 2 else (OUTAGE, town.outage)
        with clock.at(now - timedelta(days=45 - number * 1.8)):
            order = closed(town, text=f"{text}，{number}栋")
        WorkOrder.objects.filter(pk=order.pk).update(category=category)


def newest() -> LearnedModel:
    return LearnedModel.objects.filter(sort="classifier").latest("version")


def test_too_few_orders_are_refused(town: Town) -> None:
    with pytest.raises(Refusal, match="至少要 300 张"):
        learning.train(by=SYSTEM)
    assert not LearnedModel.objects.exists()
    tasks.retrain(0)
    with pytest.raises(Forbidden):
        learning.train(by=town.by("agent"))


def test_before_any_training_nobody_knows_how_sure_it_is(town: Town) -> None:
    City.objects.update(dispatch_above=0.51)
    record = proposals.propose(OUTAGE, town.area).record
    assert record["category"]["label"] == town.outage.code
    assert record["department"]["label"] == town.water.code
    assert [record[name]["confidence"] for name in ("category", "kind", "urgency", "department")] == [None] * 4
    assert received(town, text=OUTAGE).order.state == "submitted", "not dispatched by a machine that says nothing"


@pytest.mark.usefixtures("orders")
def test_what_proves_itself_goes_live(town: Town) -> None:
    trained = learning.train(by=SYSTEM)
    assert (trained.version, trained.live) == (1, True)
    assert trained.metrics["tested"] + trained.orders == 25
    told = trained.metrics["compared"]["category"]
    assert told["now"] == 1 > told["was"], "the keywords alone do not know the meter"
    assert told["low"] <= told["now"] - told["was"] <= told["high"]
    live = newest()
    assert WorkOrder.objects.filter(received_at__gte=live.until).count() == trained.metrics["tested"]
    assert set(LearnedModel.objects.filter(live=True).values_list("sort", flat=True)) == {"classifier", "router"}
    record = proposals.propose(METER, town.area).record
    assert record["model"] == live.name
    assert record["category"]["label"] == town.policy.code
    assert record["department"]["label"] == town.water.code
    assert 0 < record["category"]["confidence"] <= 1
    assert "退回 0 单" in record["department"]["risk_reason"]
    switch = ModelSwitch.objects.get()
    assert (switch.version, switch.why, switch.by) == (1, trained.verdict, None)


@pytest.mark.usefixtures("orders")
def test_the_same_again_changes_nothing_and_what_is_worse_stays_out(town: Town) -> None:
    learning.train(by=SYSTEM)
    again = learning.train(by=SYSTEM)
    assert again.verdict is Verdict.SAME
    assert LearnedModel.objects.get(live=True, sort="classifier").version == 1
    assert newest().version == 2, "kept on record all the same"
    WorkOrder.objects.filter(received_at__lt=newest().until).update(category=town.outage)
    worse = learning.train(by=SYSTEM)
    assert worse.verdict is Verdict.WORSE
    assert LearnedModel.objects.get(live=True, sort="classifier").version == 1
    assert ModelSwitch.objects.count() == 1


@pytest.mark.usefixtures("orders")
def test_a_version_is_taken_back_with_a_reason(town: Town) -> None:
    learning.train(by=SYSTEM)
    learning.train(by=SYSTEM)
    with pytest.raises(Refusal, match="没有更早"):
        versions.before()
    with pytest.raises(Forbidden):
        versions.put_live(by=town.by("agent"), version=2, reason="试试")
    with pytest.raises(Refusal, match="理由"):
        versions.put_live(by=town.by("steward"), version=2)
    versions.put_live(by=town.by("steward"), version=2, reason="试试")
    with pytest.raises(Refusal, match="正在用"):
        versions.put_live(by=town.by("steward"), version=2, reason="再试")
    call_command("train", "--back")
    assert LearnedModel.objects.get(live=True, sort="router").version == 1
    assert list(ModelSwitch.objects.order_by("pk").values_list("version", flat=True)) == [1, 2, 1]
    assert ModelSwitch.objects.filter(why="chosen", reason="试试", by=town.users["steward"]).count() == 1
    with pytest.raises(CommandError, match="没有第 9 版"):
        call_command("train", "--use", "9")


@pytest.mark.usefixtures("orders")
def test_old_bytes_are_let_go_and_the_record_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "BYTES_KEPT", 1)
    for _ in range(3):
        learning.train(by=SYSTEM)
    held = dict(LearnedModel.objects.filter(sort="classifier").values_list("version", "content"))
    assert [len(held[version]) > 0 for version in (1, 2, 3)] == [True, False, True]
    with pytest.raises(Refusal, match="不再保留"):
        versions.put_live(by=SYSTEM, version=2, reason="旧的")


@pytest.mark.usefixtures("orders")
def test_what_waits_is_proposed_anew(town: Town) -> None:
    waiting, gone = received(town, text=METER).order, dispatched(town, text=METER)
    old = gone.proposal
    learning.train(by=SYSTEM)
    assert ProcrastinateJob.objects.filter(task_name=versions.RENEW, status="todo").count() == 1
    tasks.renew()
    waiting.refresh_from_db()
    gone.refresh_from_db()
    assert waiting.proposal is not None
    assert (waiting.proposal["model"], waiting.proposal["category"]["label"]) == (newest().name, town.policy.code)
    assert waiting.proposal["department"]["confidence"] > 0
    assert gone.proposal == old, "what was decided on keeps what it was decided by"
    assert renewing.renew(by=SYSTEM) == 0
    with pytest.raises(Forbidden):
        actions.propose_again(by=town.by("dispatcher"), proposals={waiting.pk: {}})


@pytest.mark.usefixtures("orders")
def test_the_dispatch_keeps_which_model_proposed(town: Town) -> None:
    learning.train(by=SYSTEM)
    order = dispatched(town, text=METER)
    event = OrderEvent.objects.get(order=order, edge="dispatch")
    assert event.data["proposal"]["model"] == newest().name
    assert Correction.objects.get(order=order, field="category").model == newest().name


@pytest.mark.usefixtures("orders")
def test_corrections_are_remembered_at_once_where_that_helps(
    town: Town, django_assert_num_queries: Callable[..., object]
) -> None:
    learning.train(by=SYSTEM)
    strange = "水表房的门锁坏了，一直敞着"
    before = proposals.propose(strange).record["category"]["label"]
    other = town.policy if before != town.policy.code else town.outage
    LearnedModel.objects.filter(live=True).update(metrics={"remembers": True})
    with clock.at(clock.now() - timedelta(minutes=1)):
        for _ in range(4):
            order = actions.accept(order=received(town, text=strange).order, by=town.by("dispatcher"))
            actions.dispatch(order=order, by=town.by("dispatcher"), category=other, lead=town.water)
    queries.forget()
    record = proposals.propose(strange).record
    assert record["category"]["label"] == other.code
    assert record["model"].startswith(f"{newest().name}+")
    with django_assert_num_queries(0):
        proposals.propose(strange)
    LearnedModel.objects.filter(live=True).update(metrics={"remembers": False})
    readers.forget()
    queries.forget()
    assert proposals.propose(strange).record["category"]["label"] == before


def test_a_model_of_an_earlier_release_is_left_aside(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    before = proposals.propose(OUTAGE, town.area).record
    readers.forget()
    for sort in ("classifier", "router"):
        LearnedModel.objects.create(
            sort=sort, name="old", trained_at=clock.now(), orders=1, content=b"old form", live=True
        )
    queries.forget()
    with caplog.at_level(logging.WARNING):
        assert proposals.propose(OUTAGE, town.area).record == before
    assert "train anew" in caplog.text


def test_the_verdict_asks_for_both_figures() -> None:
    even = paired([True] * 90 + [False] * 10, [True] * 90 + [False] * 10)
    better = paired([True] * 95 + [False] * 5, [True] * 80 + [False] * 20)
    worse = paired([True] * 80 + [False] * 20, [True] * 95 + [False] * 5)
    slightly = paired([True] * 88 + [False] * 12, [True] * 90 + [False] * 10)
    assert Compared(better, even).verdict(fresher=False) is Verdict.BETTER
    assert Compared(better, worse).verdict(fresher=True) is Verdict.WORSE
    assert Compared(even, even).verdict(fresher=True) is Verdict.EVEN
    assert Compared(even, even).verdict(fresher=False) is Verdict.SAME
    assert Compared(even, slightly).verdict(fresher=True) is Verdict.WORSE, "too few to prove it, too bad to risk it"
    assert Compared(paired([], []), paired([], [])).verdict(fresher=True) is Verdict.UNTESTED


def test_the_paired_interval_holds_in_small_numbers() -> None:
    """Against the table of Agresti and Min (2005): n = 2, never differing, gives no interval of width 0."""
    never = paired([True, False], [True, False])
    assert never.value == 0
    assert never.low == pytest.approx(-never.high)
    assert never.high > 0.4
    sure = paired([True] * 100, [False] * 100)
    assert 0.9 < sure.low < 0.99
    with pytest.raises(ValueError, match="shorter"):
        paired([True], [])
