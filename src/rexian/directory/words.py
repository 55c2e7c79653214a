# SPDX-License-Identifier: Apache-2.0
"""The city's own words, taught to the segmenter of every process that reads texts: its areas and its departments.

The same in every process, so that a text reads the same wherever it is read. Titles of articles are phrases, not words, and are not taught: they
are found by the words that they consist of.
"""

import re

from rexian.directory.models import Area, Department
from rexian.directory.queries import kept
from rexian_ml.text import add_words

WORD = re.compile(r"[㐀-鿿]{2,16}")
"""What can be a word: Chinese characters only."""


def teach() -> None:
    """Teaches what is new since the last time; free within the seconds for which the directory is kept in memory."""
    kept("words taught", _teach)


def _teach() -> int:
    areas = Area.objects.filter(active=True, level__gt=1).values_list("name", flat=True)
    departments = Department.objects.filter(active=True).values_list("name", flat=True)
    found = sorted(name for name in {*areas, *departments} if WORD.fullmatch(name))
    add_words(found)
    return len(found)
