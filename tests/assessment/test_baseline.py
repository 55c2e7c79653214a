# SPDX-License-Identifier: Apache-2.0
"""What can stand behind the published figures, and answers that reproduce them."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rexian.assessment import baseline, consistency, questionnaire, synthetic

BASELINE = baseline.load()
FORM = questionnaire.load()
SHEETS = synthetic.make(BASELINE, FORM)


def denominators(group: str) -> list[int]:
    return [fit.n for fit in baseline.find(group, BASELINE.groups[group], 79).fits]


@pytest.mark.parametrize(
    ("group", "n"),
    [
        ("storage_management", [76]),
        ("compatible", [64]),
        ("methods", [69]),
        ("uses", [67]),
        ("open_since", [39, 78]),
        ("tools", [72]),
    ],
)
def test_the_study_s_own_denominators(group: str, n: list[int]) -> None:
    assert denominators(group) == n


def test_the_channel_shares_fit_no_common_n() -> None:
    found = baseline.find("channels", BASELINE.groups["channels"], 79)
    assert not found.joint
    assert [fit.n for fit in found.fits] == [71]
    assert [one.value for one in found.figures] == ["56.3", "77.5", "18.3"]
    assert [one.value for one in found.left] == ["93.75"]


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(st.integers(1, 79), st.integers(0, 2), st.data())
def test_every_true_share_fits_its_own_n(n: int, decimals: int, data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, n), min_size=1, max_size=5))
    shares = [consistency.share(f"{100 * count / n:.{decimals}f}") for count in counts]
    assert n in [fit.n for fit in consistency.fits(shares, 79)]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5).filter(any))
def test_a_partition_gives_back_counts_that_sum(counts: list[int]) -> None:
    n = sum(counts)
    shares = [consistency.share(f"{100 * count / n:.1f}") for count in counts]
    found = {fit.n: fit.counts for fit in consistency.fits(shares, 79, partition=True)}
    assert sum(found[n]) == n


def test_partition_equals_brute_force() -> None:
    shares = [consistency.share(text) for text in ("33", "33", "33")]
    found = [fit.n for fit in consistency.fits(shares, 30, partition=True)]
    slow = [n for n in range(1, 31) if any(sum(one) == n for one in product(*(share.counts(n) for share in shares)))]
    assert found == slow


def test_the_largest_subset_is_found_quickly_also_among_many() -> None:
    random = np.random.default_rng(4)
    true = [consistency.share(f"{100 * count / 61:.1f}") for count in random.integers(0, 62, 30)]
    odd = [consistency.share("33.34"), consistency.share("12.35")]
    places, found = consistency.largest_joint([*true, *odd], 79)
    assert places == tuple(range(30))
    assert [fit.n for fit in found] == [61]
    assert consistency.largest_joint([consistency.share("50.01")], 79) == ((), [])


@pytest.mark.parametrize("text", ["101", "-1", "abc", "", "nan", "1e3"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        consistency.share(text)


def test_every_published_figure_is_reproduced() -> None:
    computed = baseline.reproduce(BASELINE, SHEETS)
    assert len(computed) == 88
    assert [(one.figure.id, one.value) for one in computed if not one.agrees] == []


def test_a_wrong_answer_is_noticed() -> None:
    spoiled = [dict(sheet) for sheet in SHEETS]
    changed = next(sheet for sheet in spoiled if sheet.get("metadata") == "yes")
    changed["metadata"] = "no"
    wrong = [one.figure.question for one in baseline.reproduce(BASELINE, spoiled) if not one.agrees]
    assert wrong == ["metadata"]


def test_the_synthetic_answers_are_possible_answers() -> None:
    assert [finding for sheet in SHEETS for finding in FORM.findings(sheet)] == []
    provinces = {sheet["province"] for sheet in SHEETS}
    regions = {FORM.group("province", sheet) for sheet in SHEETS}
    assert (len(SHEETS), len(provinces), len(regions)) == (79, 23, 7)
    assert all(str(sheet["city"]).startswith("合成") for sheet in SHEETS)


@pytest.mark.slow
def test_the_seed_decides() -> None:
    assert synthetic.make(BASELINE, FORM) == SHEETS
    other = synthetic.make(BASELINE, FORM, seed=7)
    assert other != SHEETS
    assert all(one.agrees for one in baseline.reproduce(BASELINE, other))


def test_questions_hang_together() -> None:
    """Cities with metadata have master data more often than the others."""
    both = Counter((sheet["metadata"], sheet["master_data"]) for sheet in SHEETS if "metadata" in sheet)
    assert both["yes", "yes"] * both["no", "no"] > both["yes", "no"] * both["no", "yes"]


def test_every_figure_belongs_to_an_indicator_and_its_question() -> None:
    for one in BASELINE.figures:
        assert FORM.by_id[one.question].indicator[:2] == one.indicator[:2]
        assert set(one.options) <= {option.code for option in FORM.by_id[one.question].options}
