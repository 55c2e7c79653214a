# SPDX-License-Identifier: Apache-2.0
"""Passages for questions, and "not known" where nothing answers."""

import math
import random

import numpy as np
import pytest

from rexian_ml.features import Reading
from rexian_ml.retrieve import FEATURES, K1, Asked, B, Passage, Retriever

ARTICLES = [
    Passage("a1", "携带身份证到社保大厅办理，五个工作日办结。", "社保卡补办"),
    Passage("a2", "公积金提取需要购房合同和身份证。", "公积金提取"),
    Passage("a3", "停水信息见水务公司公告，抢修电话二十四小时开通。", "停水查询"),
    Passage("b1", "公租房每年三月接受申请。", "公租房申请", "book"),
    Passage("b2", "公租房租金按月缴纳。", "公租房租金", "book"),
]


@pytest.fixture(scope="module")
def model() -> Retriever:
    return Retriever().fit(ARTICLES)


def test_the_passage_that_answers_comes_first(model: Retriever) -> None:
    answer = model.query("我的社保卡丢了怎么补办？")
    assert answer.found[0].key == "a1"
    assert "补办" in answer.found[0].words
    assert answer.known
    assert [one.score for one in answer.found] == sorted((one.score for one in answer.found), reverse=True)


@pytest.mark.parametrize("question", ["", "？！", "量子纠缠与黑洞辐射"])
def test_what_is_not_known_is_said(model: Retriever, question: str) -> None:
    answer = model.query(question)
    assert not answer.known
    assert answer.confidence < 0.5


def test_passages_left_aside_and_sources(model: Retriever) -> None:
    assert model.query("公租房申请").found[0].key == "b1"
    left = model.query("公租房申请", without={"b1", "no such key"})
    assert "b1" not in {one.key for one in left.found}
    assert (left.found[0].key, left.found[0].source) == ("b2", "book")
    assert model.query("停水").found[0].source == "a3"


def test_most(model: Retriever) -> None:
    assert len(model.query("公租房", most=1).found) == 1
    assert len(model.query("公租房", most=50).found) == 2


def test_nothing_indexed() -> None:
    answer = Retriever().fit([]).query("停水")
    assert (answer.found, answer.confidence, answer.known) == ((), 0.0, False)


def test_scores_are_bm25_by_the_formula() -> None:
    """Beside the formula of Robertson and Zaragoza (2009), term by term, without titles."""
    texts = {"x": "停水 停水 抢修", "y": "抢修 噪音 噪音 扰民", "z": "公交", "u": "医保", "v": "路灯"}
    model = Retriever().fit([Passage(key, text) for key, text in texts.items()])

    def bag(text: str) -> list[int]:
        reading = Reading.of([text])
        return [*reading.word_hashes.tolist(), *reading.pair_hashes.tolist()]

    bags = {key: bag(text) for key, text in texts.items()}
    mean = sum(map(len, bags.values())) / len(bags)
    for one in model.query("停水 抢修").found:
        expected = 0.0
        for term in set(bag("停水 抢修")):
            seen = sum(term in held for held in bags.values())
            count = bags[one.key].count(term)
            norm = K1 * (1 - B + B * len(bags[one.key]) / mean)
            expected += math.log1p((len(texts) - seen + 0.5) / (seen + 0.5)) * count * (K1 + 1) / (count + norm)
        assert one.score == pytest.approx(expected, rel=1e-5)


def test_what_every_second_passage_says_tells_nothing() -> None:
    model = Retriever().fit([Passage(f"p{place}", f"疫情 w{place}x") for place in range(9)])
    assert [one.key for one in model.query("疫情 w3x").found] == ["p3"]
    assert len(model.query("疫情").found) == 5


def _asked(count: int, seed: int) -> tuple[list[Passage], list[Asked]]:
    """Passages of made-up words, and questions of five of their words with up to seven others."""
    draw = random.Random(seed)
    words = [f"w{place}x" for place in range(800)]
    held = {f"p{key}": draw.sample(words, 25) for key in range(300)}
    asked = []
    for _ in range(count):
        key = draw.choice(list(held))
        told = draw.sample(held[key], 5) + draw.sample(words, draw.randrange(8))
        asked.append(Asked(" ".join(told), key))
    return [Passage(key, " ".join(text)) for key, text in held.items()], asked


@pytest.mark.slow
def test_confidence_is_learned_from_questions_asked() -> None:
    """On questions it has not seen, half of them without an answer: calibrated, and mostly right about what is known."""
    passages, asked = _asked(500, 1)
    model = Retriever().fit(passages, asked[:300])
    sure, right = [], []
    for one in asked[300:]:
        for without in (frozenset[str](), frozenset({one.source})):
            answer = model.query(one.question, without=without)
            sure.append(answer.confidence)
            right.append(answer.found[0].source == one.source)
    assert abs(np.mean(sure) - np.mean(right)) < 0.06
    assert np.mean([(one >= model.least) == two for one, two in zip(sure, right, strict=True)]) > 0.9


def test_what_was_learned_is_kept_as_bytes() -> None:
    passages, asked = _asked(120, 2)
    model = Retriever(least=0.7).fit(passages, asked)
    again = Retriever.from_bytes(model.to_bytes())
    assert len(model.confidence_) == FEATURES + 1
    assert [again.query(one.question) for one in asked[:20]] == [model.query(one.question) for one in asked[:20]]
