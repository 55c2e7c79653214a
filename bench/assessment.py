# SPDX-License-Identifier: Apache-2.0
"""How long ten thousand cities' answers take, step by step: `.venv/bin/python bench/assessment.py [cities]`. Aim: all in under 30 s of one core."""

import sys
import time
from collections.abc import Callable

import numpy as np

from rexian.assessment import baseline, clusters, comparison, index, questionnaire, scores, synthetic, weights
from rexian.assessment.questionnaire import Sheet

INDEX, FORM = index.load(), questionnaire.load()


def many(count: int) -> list[Sheet]:
    """Cities that have each dimension's answers from another of the synthetic ones, so that they do not contradict themselves."""
    sheets, random = synthetic.make(baseline.load(), FORM), np.random.default_rng(1)
    rows: list[Sheet] = []
    for number in range(count):
        givers = dict(zip(["", "N", "D", "I"], random.integers(0, len(sheets), 4), strict=True))
        told = {one.id: sheets[givers[one.indicator[:1]]].get(one.id) for one in FORM.questions}
        rows.append({**{name: value for name, value in told.items() if value is not None}, "city": f"合成城市{number}"})
    return rows


def main() -> None:
    rows = many(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    found = scores.score(rows, INDEX, FORM)
    steps: dict[str, Callable[[], object]] = {
        "scores": lambda: scores.score(rows, INDEX, FORM),
        "tables": lambda: [list(comparison.describe(FORM, rows)), list(comparison.numbers(FORM, rows))],
        "groups": lambda: [
            comparison.cross(FORM, rows, comparison.grouping(FORM, rows, by)) for by in ("region", "level")
        ],
        "associations, gaps": lambda: [comparison.associations(found), comparison.gaps(found)],
        "types": lambda: clusters.types(found),
        "ranks": lambda: weights.ranks(found),
    }
    total = 0.0
    for name, step in steps.items():
        begun = time.process_time()
        step()
        total += time.process_time() - begun
        print(f"{name:>20} {time.process_time() - begun:>7.1f} s", flush=True)
    print(f"{'all':>20} {total:>7.1f} s of one core, {len(rows):,} cities")


if __name__ == "__main__":
    main()
