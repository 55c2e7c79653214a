# SPDX-License-Identifier: Apache-2.0
"""Training on the town's own orders puts models live; what an earlier release kept does no harm."""

import logging

import pytest

from rexian.directory import queries
from rexian.intake import learning, proposals
from rexian.intake.models import LearnedModel
from rexian.orders import clock
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM
from tests.factories import Town, dispatched

OUTAGE = "小区停水两天了，水管没有水"


@pytest.fixture
def orders(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "FEWEST", 10)
    for number in range(12):
        dispatched(town, text=f"{OUTAGE}，{number}栋", category=town.outage)


def test_too_few_orders_are_refused(town: Town) -> None:
    with pytest.raises(Refusal):
        learning.train(by=SYSTEM)
    assert not LearnedModel.objects.exists()


@pytest.mark.usefixtures("orders")
def test_training_puts_both_models_live(town: Town) -> None:
    trained = learning.train(by=SYSTEM)
    assert trained.orders == 12
    assert set(trained.metrics) == {"tested", "category", "category_at_80", "kind"}
    assert set(LearnedModel.objects.filter(live=True).values_list("sort", flat=True)) == {"classifier", "router"}
    proposal = proposals.propose(OUTAGE, town.area)
    live = LearnedModel.objects.get(sort="classifier", live=True)
    assert proposal.record["model"] == live.name == proposals.classifier().id_
    assert proposal.record["category"]["label"] == town.outage.code
    assert proposal.record["department"]["label"] == town.water.code
    assert 0 < proposal.record["department"]["risk"] < 0.2
    learning.train(by=SYSTEM)
    assert LearnedModel.objects.filter(live=True).count() == 2


def test_a_model_of_an_earlier_release_is_left_aside(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    before = proposals.propose(OUTAGE, town.area).record
    proposals.forget()
    for sort in ("classifier", "router"):
        LearnedModel.objects.create(
            sort=sort, name="old", trained_at=clock.now(), orders=1, content=b"old form", live=True
        )
    queries.forget()
    with caplog.at_level(logging.WARNING):
        assert proposals.propose(OUTAGE, town.area).record == before
    assert "train anew" in caplog.text
