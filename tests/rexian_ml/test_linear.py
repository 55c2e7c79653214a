# SPDX-License-Identifier: Apache-2.0
"""The linear model: the stretch is folded in, labels keep their columns, the temperature is that of least loss."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from rexian_ml import linear


def _rows(seed: int = 0) -> tuple[csr_matrix, list[str]]:
    """Three labels, each with two features of its own and one in common."""
    draw = np.random.default_rng(seed)
    labels = [str(draw.choice(["a", "b", "c"])) for _ in range(300)]
    table = draw.random((300, 7)) * 0.3
    for row, label in enumerate(labels):
        table[row, 2 * "abc".index(label) : 2 * "abc".index(label) + 2] += draw.random(2)
    return csr_matrix(table), labels


def test_each_label_has_its_column() -> None:
    rows, labels = _rows()
    names, table = linear.train(rows, labels, np.ones(300), seed=0)
    assert names == ["a", "b", "c"]
    assert table.shape == (8, 3)
    told = np.array(names)[(rows @ table[:-1] + table[-1]).argmax(axis=1)]
    assert np.mean(told == np.array(labels)) > 0.95
    for column in range(3):
        assert set(np.argsort(-table[:-1, column])[:2]) == {2 * column, 2 * column + 1}


def test_two_labels_mirror_each_other_and_one_says_nothing() -> None:
    rows, labels = _rows()
    two = ["a" if label == "a" else "other" for label in labels]
    names, table = linear.train(rows, two, np.ones(300), seed=0)
    assert names == ["a", "other"]
    assert np.array_equal(table[:, 0], -table[:, 1])
    assert not linear.train(rows, ["a"] * 300, np.ones(300), seed=0)[1].any()


def test_heavier_rows_count_more() -> None:
    rows = csr_matrix(np.ones((4, 1)))
    labels = ["a", "a", "b", "b"]
    weights = np.array([9.0, 9.0, 1.0, 1.0])
    names, table = linear.train(rows, labels, weights, seed=0)
    scores = np.ones(1) @ table[:-1] + table[-1]
    assert names[int(scores.argmax())] == "a"


def test_the_temperature_makes_scores_probabilities() -> None:
    """Scores of which the truth was drawn at temperature 0.5: found again."""
    draw = np.random.default_rng(0)
    scores = draw.normal(0, 1, (6000, 4)).astype(np.float32)
    chances = np.exp(scores / 0.5)
    chances /= chances.sum(axis=1, keepdims=True)
    truth = np.array([draw.choice(4, p=row) for row in chances])
    assert linear.temperature(scores, truth) == pytest.approx(0.5, rel=0.1)


def test_probabilities_of_one_labeling_among_several() -> None:
    labeling = linear.Labeling(["x", "y"], 0.5, 1)
    told = labeling.probabilities(np.array([[9.0, 1.0, 1.0, 9.0], [9.0, 2.0, 1.0, 9.0]], np.float32))
    assert told[0] == pytest.approx([0.5, 0.5])
    assert told[1, 0] == pytest.approx(1 / (1 + np.exp(-2)))
