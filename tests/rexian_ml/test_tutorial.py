# SPDX-License-Identifier: Apache-2.0
"""The tutorial's code runs, and gives what it says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/tutorial/machine-learning.md"


def test_the_tutorial_says_what_comes_out() -> None:
    text = "\n".join("" if line.startswith("```") else line for line in PAGE.read_text(encoding="utf-8").splitlines())
    test = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert result.attempted > 25
    assert result.failed == 0, "".join(told)
