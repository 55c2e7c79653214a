# SPDX-License-Identifier: Apache-2.0
"""Similar orders: exact and near duplicates always, the same trouble by words, place and time, the same citizen."""

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian_ml.evaluate.corpus import Corpus
from rexian_ml.inverted import Segment, settle
from rexian_ml.similar import Order, SimilarOrders
from rexian_ml.text import content_words

DAY = datetime(2026, 3, 1, 9, tzinfo=UTC)
LIGHT = "人民街12号门口的路灯不亮，晚上走路很危险"


@pytest.fixture(scope="module")
def corpus() -> list[Order]:
    texts = Corpus(seed=1).texts(4000, length=20)
    return [
        Order(key, text, DAY + timedelta(hours=key), f"c{key % 900}", f"9901{key % 7:02d}")
        for key, text in enumerate(texts)
    ]


@pytest.fixture(scope="module")
def index(corpus: list[Order]) -> SimilarOrders:
    return SimilarOrders().fit(corpus)


def test_exact_duplicates_are_always_first(index: SimilarOrders, corpus: list[Order]) -> None:
    """Also where spacing, width, case and punctuation differ, and however far in time."""
    for order in corpus[::40]:
        typed = order.text.upper().replace("号", "号！！ ") + "。"
        found = index.query(Order(-1, typed, DAY + timedelta(days=900), "", "880000"))
        assert (found[0].key, found[0].exact, found[0].words) == (order.key, True, 1.0)


def test_an_order_is_not_like_itself(index: SimilarOrders, corpus: list[Order]) -> None:
    assert all(match.key != 7 for match in index.query(corpus[7]))


def _changed(text: str, share: float, draw: random.Random) -> str:
    """The text with a share of its words taken out."""
    words = text.split()
    return " ".join(word for word in words if draw.random() > share)


@pytest.mark.slow
def test_near_duplicates_are_never_missed(index: SimilarOrders, corpus: list[Order]) -> None:
    """Beside a comparison with every order: all that share 0.7 or more of their words' weight are found."""
    draw = random.Random(3)
    sets = {order.key: set(content_words(order.text)) for order in corpus}
    seen: dict[str, int] = {}
    for words in sets.values():
        for word in words:
            seen[word] = seen.get(word, 0) + 1

    def weight(words: set[str]) -> float:
        return sum(float(np.log1p(len(corpus) / seen.get(word, 1))) for word in words)

    checked = 0
    for order in corpus[::100]:
        text = _changed(order.text, 0.15, draw)
        own = set(content_words(text))
        shares = {key: weight(own & words) / weight(own | words) for key, words in sets.items()}
        wanted = {key for key, share in shares.items() if share >= 0.701}
        found = {match.key for match in index.query(Order(-1, text, DAY), most=50) if match.near}
        assert wanted <= found
        assert all(shares[key] >= 0.699 for key in found)
        checked += len(wanted)
    assert checked > 10


@pytest.mark.slow
def test_an_addition_is_found_at_once_and_old_ones_still(corpus: list[Order]) -> None:
    index = SimilarOrders().fit(corpus[:500])
    for order in corpus[500:700]:
        index.add([order])
    assert len(index) == 700
    assert len(index.segments_ or []) < 8
    for order in corpus[:700:23]:
        assert index.query(Order(-1, order.text, order.at))[0].key == order.key


def test_place_and_time_decide_between_equal_words() -> None:
    here = {"longitude": 118.70, "latitude": 32.05}
    index = SimilarOrders().fit(
        [
            Order(1, LIGHT + "请来修", DAY, longitude=118.90, latitude=32.05),
            Order(2, LIGHT + "请来修", DAY - timedelta(days=200), **here),
            Order(3, LIGHT + "请来修", DAY - timedelta(days=1), longitude=118.7005, latitude=32.05),
            Order(4, "公交车晚点", DAY, **here),
        ]
    )
    found = index.query(Order(9, LIGHT, DAY, **here))
    assert found[0].key == 3
    assert {match.key for match in found} == {1, 2, 3}
    assert found[0].metres == pytest.approx(47, abs=3)
    assert found[0].days == pytest.approx(1)


def test_the_area_stands_in_for_an_unknown_place() -> None:
    orders = [Order(1, LIGHT + "甲", DAY, area="990102"), Order(2, LIGHT + "乙", DAY, area="990101003")]
    found = SimilarOrders().fit(orders).query(Order(9, LIGHT, DAY, area="990101003"))
    assert [match.key for match in found] == [2, 1]
    assert found[0].metres is None


def test_the_same_citizen() -> None:
    index = SimilarOrders().fit(
        [Order(1, LIGHT, DAY, "a"), Order(2, "别的事", DAY + timedelta(1), "a"), Order(3, LIGHT, DAY)]
    )
    index.add([Order(4, "第三件", DAY + timedelta(2), "a")])
    assert index.of_citizen("a") == [4, 2, 1]
    assert index.of_citizen("a", most=1) == [4]
    assert index.of_citizen("b") == index.of_citizen("") == []
    same = {match.key: match.same_citizen for match in index.query(Order(9, LIGHT, DAY, "a"))}
    assert same == {1: True, 3: False}


@pytest.mark.parametrize("text", ["", "！！", "的的", "从未见过的话"])
def test_texts_that_nothing_is_like(index: SimilarOrders, text: str) -> None:
    assert index.query(Order(-1, text, DAY)) == []


def test_an_empty_index() -> None:
    index = SimilarOrders().fit([])
    assert index.query(Order(1, LIGHT, DAY)) == []
    assert len(SimilarOrders.from_bytes(index.to_bytes())) == 0
    assert index.add([Order(2, LIGHT, DAY)]).query(Order(1, LIGHT, DAY))[0].key == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=8), min_size=1, max_size=12), st.integers(0, 30))
def test_merged_segments_hold_what_was_put_in(documents: list[list[int]], asked: int) -> None:
    segments: list[Segment] = []
    entry = np.dtype([("key", "i8")])
    for key, terms in enumerate(documents):
        one = Segment.build(np.zeros(len(terms), np.int64), np.array(terms, np.uint32), np.array([(key,)], entry))
        segments = settle([*segments, one])
    found = []
    for one in segments:
        place = int(one.places(np.array([asked], np.uint32))[0])
        if place >= 0:
            found += one.entries["key"][one.documents(place)].tolist()
    assert sorted(found) == [key for key, terms in enumerate(documents) if asked in terms]
