# SPDX-License-Identifier: Apache-2.0
"""One contract over all 29 measures, on any facts; and each value reckoned by hand."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian.assessment import index
from rexian.assessment.evidence import measures
from rexian.assessment.evidence.base import Evidence, Measure
from rexian.assessment.evidence.facts import NONE, Channel, Facts, Period, Ruled, Tally

INDEX = index.load()
END = datetime(2026, 11, 24, tzinfo=UTC)
PERIOD = Period(END - timedelta(days=90), END)
CODES = (
    ("telephone", True),
    ("web", False),
    ("app", False),
    ("wechat", False),
    ("miniprogram", False),
    ("email", False),
)
TALLIES = [one.name for one in fields(Facts) if one.default is NONE]
NUMBERS = [one.name for one in fields(Facts) if one.default == 0 and one.name not in TALLIES]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    total = draw(st.integers(0, 50))
    return Tally(draw(st.integers(0, total)), total)


@st.composite
def channels(draw: st.DrawFn) -> tuple[Channel, ...]:
    made = []
    for code, spoken in CODES:
        orders = draw(st.integers(0, 300))
        made.append(Channel(code, code, spoken, orders, draw(st.integers(0, orders))))
    return tuple(made)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    values = {name: draw(tallies()) for name in TALLIES} | {name: draw(st.integers(0, 20)) for name in NUMBERS}
    ruled = [
        Ruled(code, pack, draw(st.integers(1, 40)))
        for code, _ in CODES
        for pack in draw(st.sets(st.sampled_from(["", "a/1", "b/1"])))
    ]
    return Facts(period=PERIOD, channels=draw(channels()), ruled=tuple(ruled), **values)


def holds(found: Evidence) -> None:
    """What must hold for any evidence."""
    assert found.numerator == pytest.approx(sum(row.hits for row in found.rows))
    assert found.denominator == pytest.approx(sum(row.of for row in found.rows))
    assert all(0 <= row.hits <= row.of for row in found.rows)
    assert all(row.total is None or 0 <= row.count <= row.total for row in found.rows)
    assert 0 <= found.coverage <= 1
    assert 0 <= found.low <= found.high <= 1 + 1e-9
    assert bool(found.lacks) == (found.coverage < 1)
    assert all(text.strip() for text in found.lacks)
    if found.value is None:
        assert found.lacks
    else:
        assert found.value == pytest.approx(min(1, found.numerator / found.denominator / found.full))
        assert found.coverage >= 0.5


def test_there_is_exactly_one_measure_an_indicator() -> None:
    assert [one.indicator for one in measures.MEASURES] == [one.id for one in INDEX.indicators]
    assert all(one.how.strip() for one in measures.MEASURES)
    assert len({one.how for one in measures.MEASURES}) == 29


@pytest.mark.parametrize("measure", measures.MEASURES, ids=lambda one: one.indicator)
def test_an_empty_city_has_no_values_and_every_reason(measure: Measure) -> None:
    found = measure(Facts(PERIOD))
    holds(found)
    assert found.value is None
    assert found.low == 0


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(facts())
def test_the_contract_holds_on_any_facts(given_facts: Facts) -> None:
    for measure in measures.MEASURES:
        found = measure(given_facts)
        holds(found)
        assert found == measure(given_facts)
        assert found.period in (given_facts.period, given_facts.now)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(facts(), st.sampled_from(TALLIES), st.integers(1, 5))
def test_more_of_what_is_counted_never_lowers_a_value(given_facts: Facts, name: str, more: int) -> None:
    one: Tally = getattr(given_facts, name)
    risen = replace(given_facts, **{name: replace(one, count=min(one.total, one.count + more))})
    assert not lowered(given_facts, risen)


@pytest.mark.slow
@settings(deadline=None, max_examples=50)
@given(facts(), st.sampled_from(NUMBERS))
def test_more_happenings_never_lower_a_value(given_facts: Facts, name: str) -> None:
    assert not lowered(given_facts, replace(given_facts, **{name: getattr(given_facts, name) + 1}))


def lowered(before: Facts, after: Facts) -> list[str]:
    old, new = measures.evidence(before), measures.evidence(after)
    return [key for key in old if (old[key].value or 0) > (new[key].value or 0) + 1e-12]


@given(channels(), st.sampled_from(["web", "wechat", "app", "miniprogram", "email"]))
def test_an_order_moved_off_the_telephone_never_lowers_the_relief(some: tuple[Channel, ...], to: str) -> None:
    def moved(one: Channel) -> Channel:
        change = -1 if one.code == "telephone" else one.code == to
        return replace(one, orders=one.orders + change, joined=0)

    if some[0].orders:
        before, after = Facts(PERIOD, some), Facts(PERIOD, tuple(moved(one) for one in some))
        relief = measures.BY_INDICATOR["N2.2"]
        assert (relief(after).value or 0) >= (relief(before).value or 0)


def town() -> Facts:
    """A hotline whose values can be reckoned by hand: 1,000 orders, every share another one."""
    counts = {"telephone": 700, "web": 180, "app": 5, "wechat": 95, "miniprogram": 0, "email": 20}
    made = tuple(Channel(code, code, spoken, counts[code], counts[code] - 5) for code, spoken in CODES if counts[code])
    ruled = (
        Ruled("telephone", "a/1", 90),
        Ruled("telephone", "b/1", 10),
        Ruled("web", "a/1", 40),
        Ruled("web", "", 10),
    )
    shares = {name: Tally(place + 1, 50) for place, name in enumerate(TALLIES)}
    return Facts(PERIOD, made, ruled, **shares, cleaned=3, articles=4, public_articles=2, instructions=1)


def test_each_value_by_hand() -> None:
    facts = town()

    def mean(*names: str) -> float:
        shares = [getattr(facts, name) for name in names]
        return sum(one.count / one.total for one in shares) / len(names)

    expected: dict[str, float | None] = {
        "N1.1": (1 + 1 + 1 + 0 + 0.5) / 5,
        "N1.2": (90 + 40) / 150,  # only pack a/1 is used by both
        "N1.3": (1000 - 25) / 1000,
        "N2.1": 2 / 3,  # the app has 0.5 %
        "N2.2": 300 / 1000 / 0.5,
        "D1.1": mean("who", "when", "where", "what", "why"),
        "D2.1": mean("kept"),
        "D2.2": mean("sealed", "exports_done"),
        "D2.3": mean("catalogued", "duties", "positioned"),
        "D2.4": mean("columns"),
        "D2.5": (mean("consistent") + 1) / 2,
        "D2.6": mean("clocked", "archived", "expiring"),
        "D2.7": mean("placed", "own_password"),
        "D3.1": mean("taken"),
        "D3.2": mean("clients", "exports_recorded"),
        "D3.3": mean("columns", "department_accounts"),
        "D3.4": None,
        "D3.5": None,
        "D4.1": None,
        "D4.2": None,
        "D4.3": (mean("trends") + 1) / 2,
        "D4.4": None,
        "D5.1": mean("two_factor", "matters"),
        "D5.2": mean("contacts", "published"),
        "I1.1": (mean("proposed") + 1) / 2,
        "I1.2": None,
        "I2.1": None,
        "I2.2": 1.0,
        "I3.1": mean("followed", "useful"),
    }
    found = {key: one.value for key, one in measures.evidence(facts).items()}
    assert found == {key: value if value is None else pytest.approx(value) for key, value in expected.items()}


def test_what_the_platform_has_no_table_of_stays_unknown_whatever_the_facts() -> None:
    full = replace(town(), **{name: Tally(50, 50) for name in TALLIES})
    found = measures.evidence(full)
    assert {key for key, one in found.items() if one.value is None} == {
        "D3.4", "D3.5", "D4.1", "D4.2", "D4.4", "I1.2", "I2.1",
    }  # fmt: skip
    for key in ("D4.1", "D4.4", "I2.1"):
        assert found[key].rows, "what little is counted is still shown"
        assert 0 < found[key].low < found[key].high < 1.001


def test_scores_keep_the_range_that_is_not_measured() -> None:
    scores = measures.scored([measures.evidence(town()), measures.evidence(Facts(PERIOD))])
    assert scores.indicators.value.shape == (2, 29)
    assert 0 < scores.whole.low[0, 0] < scores.overall[0] < scores.whole.high[0, 0] < 1
    assert (scores.whole.low[1, 0], scores.whole.high[1, 0]) == (0, pytest.approx(1))
    assert scores.overall[1] != scores.overall[1], "an empty city has no score"


def test_claims_come_from_the_questionnaire() -> None:
    told = measures.claims_of({"city": "某市", "channel_rules": "yes", "channel_website": "yes", "channel_app": "no"})
    assert told["N1.2"] == 1
    assert told["N1.1"] is None, "too little was answered"
    level = measures.claimed(told).indicators
    assert level.low[0, 1] == level.high[0, 1] == 1
    assert (level.low[0, 0], level.high[0, 0]) == (0, 1)
