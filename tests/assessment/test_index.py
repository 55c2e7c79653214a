# SPDX-License-Identifier: Apache-2.0
"""One contract over all 29 indicators, and the questionnaire that is made from them."""

from dataclasses import replace
from pathlib import Path

import pytest

from rexian.assessment import index, questionnaire, scoring
from rexian.assessment.questionnaire import Option

INDEX = index.load()
FORM = questionnaire.load()


def test_three_ten_twenty_nine() -> None:
    counts = len(INDEX.dimensions), len(INDEX.subdimensions), len(INDEX.indicators)
    assert counts == (3, 10, 29)
    assert [len(INDEX.under(one.id)) for one in INDEX.dimensions] == [5, 19, 5]
    assert "重构" in INDEX.notice


@pytest.mark.parametrize("one", INDEX.indicators, ids=lambda one: one.id)
def test_every_indicator_keeps_the_contract(one: index.Indicator) -> None:
    texts = [one.name, one.english, one.definition, one.measure, one.unit, one.evidence, one.source]
    assert all(text.strip() for text in texts)
    assert one.weight > 0
    for part in one.parts:
        assert part.function in scoring.FUNCTIONS
        assert part.full > 0
        kinds = {FORM.by_id[question].kind for question in part.questions}
        assert kinds <= KINDS_OF[part.function], (one.id, part.function)
    assert FORM.by_id[f"evidence_{one.id}"].indicator == one.id


KINDS_OF = {
    "yes": {"yesno"},
    "chosen": {"several"},
    "any": {"several"},
    "grade": {"five"},
    "amount": {"number"},
    "ratio": {"number"},
    "carrying": {"number"},
}


def test_the_own_weights_are_equal_shares_at_each_level() -> None:
    weights = dict(zip((one.id for one in INDEX.indicators), INDEX.weights, strict=True))
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["I3.1"] == pytest.approx(1 / 9)
    assert weights["D1.1"] == pytest.approx(1 / 15)
    assert weights["D2.4"] == pytest.approx(1 / 105)


def test_an_index_with_orphans_or_twins_is_refused(tmp_path: Path) -> None:
    text = index.FILE.read_text(encoding="utf-8")
    orphan = tmp_path / "orphan.toml"
    orphan.write_text(text.replace('id = "N2"', 'id = "X2"'), encoding="utf-8")
    twin = tmp_path / "twin.toml"
    twin.write_text(text.replace('id = "N1.2"', 'id = "N1.1"'), encoding="utf-8")
    for file in (orphan, twin):
        with pytest.raises(ValueError, match="parent"):
            index.load(file)


def test_a_questionnaire_that_lacks_a_question_of_the_index_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "questions.toml"
    text = questionnaire.FILE.read_text(encoding="utf-8").replace('id = "metadata"', 'id = "meta"')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="metadata"):
        questionnaire.load(file)


def test_versions_say_which_questions_may_be_set_side_by_side() -> None:
    changed = tuple(
        replace(one, options=(*one.options, Option("video", "视频"))) if one.id == "channel_more" else one
        for one in FORM.questions
        if one.id != "team"
    )
    later = replace(FORM, version="2", questions=(*changed, replace(FORM.by_id["team"], id="team_size", kind="number")))
    found = questionnaire.comparable(FORM, later)
    assert found["channel_more"] == "changed"
    assert (found["team"], found["team_size"]) == ("old", "new")
    assert found["metadata"] == "same"


def test_skip_rules_follow_the_deciding_answer() -> None:
    since = FORM.by_id["open_since"]
    asked = [since.asked(sheet) for sheet in ({"open_data": "yes"}, {"open_data": "no"}, {})]
    assert asked == [True, False, None]
