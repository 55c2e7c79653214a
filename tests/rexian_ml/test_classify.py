# SPDX-License-Identifier: Apache-2.0
"""Category, kind and urgency: told rightly, with reasons; corrections learned at once."""

import copy
import time

import numpy as np
import pytest

from rexian_ml import danger
from rexian_ml.classify import CategoryInfo, Classifier, Example
from rexian_ml.features import Reading
from rexian_ml.memory import NEAR
from rexian_ml.storage import pack
from tests.rexian_ml.examples import TROUBLES, categories, orders


@pytest.fixture(scope="module")
def model() -> Classifier:
    return Classifier(categories()).fit(orders(400))


def test_tells_orders_it_has_not_seen(model: Classifier) -> None:
    new = orders(100, seed=9)
    told = model.predict_many([order.text for order in new])
    assert np.mean([one.category.label == order.category for one, order in zip(told, new, strict=True)]) > 0.97
    assert np.mean([one.kind.label == order.kind for one, order in zip(told, new, strict=True)]) > 0.97


def test_one_by_one_or_many_is_the_same(model: Classifier) -> None:
    texts = [order.text for order in orders(30, seed=4)]
    for one, many in zip(map(model.predict, texts), model.predict_many(texts), strict=True):
        assert (one.category.label, one.category.words) == (many.category.label, many.category.words)
        assert one.category.confidence == pytest.approx(many.category.confidence, abs=1e-5)


def test_reasons_stand_in_the_text_in_its_order(model: Classifier) -> None:
    text = "滨江花园昨晚停水，水管爆裂，施工单位没有人来"
    words = model.predict(text).category.words
    assert words
    assert [text.index(word) for word in words] == sorted(text.index(word) for word in words)
    assert set(words) & {"停水", "水管", "爆裂"}


@pytest.mark.parametrize("text", ["", " ", "!!!", "abc", "𠀀𠀀", "的的的"])
def test_texts_that_say_nothing(model: Classifier, text: str) -> None:
    told = model.predict(text)
    assert told.category.words == ()
    assert 0 < told.category.confidence < 0.6


def test_nothing_to_read(model: Classifier) -> None:
    assert model.predict_many([]) == []


def test_danger_goes_first(model: Classifier) -> None:
    told = model.predict("楼下煤气泄漏，味道很大")
    assert (told.urgency.label, told.urgency.confidence) == ("danger", 1.0)
    assert told.danger is not None
    assert told.danger.hotline == "119"


def test_keywords_alone_are_a_beginning() -> None:
    model = Classifier(categories()).fit([])
    assert model.predict("小区停水两天了").category.label in ("A1", "A")


def test_an_unsure_leaf_gives_way_to_its_branch() -> None:
    leaves = {"X1": "路灯不亮", "X2": "路灯损坏", "X3": "路灯太暗"}
    infos = [CategoryInfo(code, name, ("X", code), ("路灯",)) for code, name in leaves.items()]
    infos.append(CategoryInfo("Y1", "养老金", ("Y", "Y1"), ("养老金",)))
    told = Classifier(infos).fit([]).predict("路灯")
    assert told.category.label == "X"
    assert {one.label for one in told.others} >= set(leaves)


def test_without_categories_nothing_is_claimed() -> None:
    assert Classifier().fit([]).predict("停水").category.label == ""


def _mistakes(count: int) -> list[Example]:
    """A new thing that the model cannot know: shared bicycles in front of the door belong to B1 here, whatever the words suggest."""
    return [
        Example(f"共享单车堆在{place}门口，夜间太吵，装修垃圾也在旁边", "B1", "", "")
        for place in ("学府", "东湖", "解放", "滨江")[:count]
    ]


def test_corrections_change_their_like_and_nothing_else(model: Classifier) -> None:
    model = copy.deepcopy(model)
    asked = "共享单车堆在人民街门口，夜间太吵，装修垃圾也在"
    others = [order.text for order in orders(200, seed=11)]
    before = [one.category.label for one in model.predict_many(others)]
    name = model.id_
    assert model.predict(asked).category.label != "B1"
    assert model.correct(_mistakes(4)) is model
    told = model.predict(asked).category
    assert told.label == "B1"
    assert model.id_ != name
    after = [one.category.label for one in model.predict_many(others)]
    assert np.mean([one == two for one, two in zip(before, after, strict=True)]) >= 0.99


def test_a_correction_teaches_words_that_no_order_had(model: Classifier) -> None:
    model = copy.deepcopy(model)
    assert "B2" not in (told := model.predict("数字人民币红包领取失败").category.label), told
    model.correct([Example("数字人民币红包无法领取", "B2", "", "")] * 3)
    assert model.predict("数字人民币红包领取失败").category.label == "B2"


def test_one_slip_is_not_enough_to_turn_the_history(model: Classifier) -> None:
    """A text that many orders spoke for does not change by one correction against them."""
    model = copy.deepcopy(model)
    text = "停水 水管 爆裂 自来水 水压 漏水"
    model.correct([Example(text, "B2", "", "")])
    assert model.predict(text).category.label == "A1"


def test_a_correction_already_right_is_not_kept(model: Classifier) -> None:
    model = copy.deepcopy(model)
    model.correct([Example("停水 水管 爆裂 自来水 水压 漏水", "A1", "", "")])
    assert len(model.memory_) == 0


def test_corrections_are_kept_as_bytes() -> None:
    model = Classifier(categories()).fit(orders(200)).correct(_mistakes(3))
    again = Classifier.from_bytes(model.to_bytes())
    text = _mistakes(1)[0].text
    assert again.predict(text) == model.predict(text)
    assert again.id_ == model.id_
    assert again.correct(_mistakes(4)).memory_.rows.shape[0] >= len(model.memory_)


def test_a_label_never_seen_needs_a_fit(model: Classifier) -> None:
    with pytest.raises(ValueError, match="fit anew"):
        model.correct([Example("停水", "Z9", "", "")])


@pytest.mark.slow
def test_what_is_remembered_is_added_by_likeness_alone() -> None:
    """The fast product gives what the product over all buckets gives, also for a text of which no entry has a word."""
    model = Classifier(categories()).fit(orders(200)).correct(_mistakes(4))
    memory, texts = model.memory_, [*(one.text for one in _mistakes(6)), "完全别的事情", ""]
    rows = model.vocabulary_.wide(Reading.of(texts))
    unit = rows.toarray()[:, np.union1d(rows.indices, memory.rows.indices)]
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-12)
    known = memory.rows.toarray()[:, np.union1d(rows.indices, memory.rows.indices)]
    near = np.maximum(0, (unit @ known.T - NEAR) / (1 - NEAR)) * (unit @ known.T > 0)
    effect = np.zeros((len(memory), 20))
    effect[np.arange(len(memory)), memory.right] = memory.lifts
    effect[np.arange(len(memory)), memory.wrong] -= memory.lifts
    assert np.allclose(memory.scores(rows, 20), near @ effect, atol=1e-5)
    assert near.max() > 0


def test_a_correction_costs_a_fraction_of_a_fit() -> None:
    rows = orders(3000)
    start = time.process_time()
    model = Classifier(categories()).fit(rows)
    fitted = time.process_time()
    model.correct(_mistakes(4))
    corrected = time.process_time()
    assert (corrected - fitted) / 4 < (fitted - start) / 20


def test_another_estimators_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="not a classifier"):
        Classifier.from_bytes(pack({"what": "router"}))


@pytest.mark.slow
def test_confidence_is_calibrated() -> None:
    """Labels of which a quarter are drawn at random: of what is said with 0.8, about 0.8 is right."""
    draw = np.random.default_rng(0)
    rows = orders(3000)
    for place in draw.permutation(len(rows))[: len(rows) // 4]:
        rows[place].category = str(draw.choice(list(TROUBLES)))
    told = Classifier(seed=1).fit(rows[:2000]).predict_many([order.text for order in rows[2000:]])
    right = np.mean([one.category.label == order.category for one, order in zip(told, rows[2000:], strict=True)])
    sure = np.mean([one.category.confidence for one in told])
    assert abs(right - sure) < 0.05


def test_every_sign_of_danger_is_seen() -> None:
    """The quick look over a whole text loses none of the signs that the rules name."""
    rules = danger._rules()
    for _kind, _hotline, signs, company in rules.rules:
        for sign in signs:
            assert rules.any_sign.search(sign), sign
            assert danger.find(f"刚才{''.join(company[:1])}{sign}"), sign
