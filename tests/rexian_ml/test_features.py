# SPDX-License-Identifier: Apache-2.0
"""Texts as rows of weighted terms."""

import numpy as np
import pytest

from rexian_ml.features import WEIGHTS, Reading, Vocabulary, pair_hashes, word_hashes

TEXTS = ["城东路停水，水管爆裂", "夜间施工噪音扰民", "", "城东路 夜间 停水"]


def test_equal_words_have_equal_hashes_wherever_they_stand() -> None:
    one = word_hashes(["停水", "噪音", "停水", "水停"])
    assert one[0] == one[2]
    assert len(set(one.tolist())) == 3
    assert word_hashes(["噪音"])[0] == one[1]
    assert len(word_hashes([])) == 0


def test_pairs_run_over_spaces_and_not_over_texts() -> None:
    rows, hashes = pair_hashes(["停 水", "水", "停水a停水"])
    assert rows.tolist() == [0, 2, 2]
    assert len(set(hashes.tolist())) == 1


def test_each_view_has_its_weight_as_length() -> None:
    reading = Reading.of(TEXTS)
    table = Vocabulary.learn(reading, fewest=1, most=1000).matrix(reading)
    squares = np.asarray(table.multiply(table).sum(axis=1)).ravel()
    assert squares[[0, 1, 3]] == pytest.approx((WEIGHTS**2).sum(), rel=1e-5)
    assert squares[2] == 0


def test_a_text_alone_is_the_row_that_it_is_among_others() -> None:
    reading = Reading.of(TEXTS)
    words = Vocabulary.learn(reading, fewest=1, most=1000)
    for place, text in enumerate(TEXTS):
        alone = words.matrix(Reading.of([text]))
        assert abs(alone - words.matrix(reading)[place]).sum() == pytest.approx(0, abs=1e-6)


def test_rare_terms_are_left_out() -> None:
    reading = Reading.of(TEXTS)
    assert 0 < len(Vocabulary.learn(reading, fewest=2, most=1000)) < len(Vocabulary.learn(reading, fewest=1, most=1000))
    assert len(Vocabulary.learn(reading, fewest=1, most=10)) == 10


def test_unknown_terms_and_odd_characters_are_nothing() -> None:
    words = Vocabulary.learn(Reading.of(TEXTS), fewest=1, most=1000)
    assert words.matrix(Reading.of(["\ud800 𠀀 完全不同"])).nnz == 0


def test_the_wide_rows_hold_unknown_terms_too() -> None:
    words = Vocabulary.learn(Reading.of(TEXTS), fewest=1, most=1000)
    known, unknown = words.wide(Reading.of(["停水", "从未见过"]))
    assert known.nnz >= 2
    assert unknown.nnz >= 4
    assert unknown.data.min() == pytest.approx(words.idf.max())
    assert Vocabulary().wide(Reading.of(["停水"])).nnz >= 2
