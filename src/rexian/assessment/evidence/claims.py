# SPDX-License-Identifier: Apache-2.0
"""What the city says of itself, beside what is measured: whoever keeps its questionnaire gives the claims, here is where they are asked for."""

from collections.abc import Callable
from pathlib import Path

from rexian.assessment import answers, questionnaire
from rexian.assessment.evidence.measures import Claims, claims_of
from rexian.assessment.translation import gettext as _

_source: Callable[[], Claims] = dict


def use(source: Callable[[], Claims]) -> None:
    """From now on the claims are what `source` gives, for example from the city's own filled-in questionnaire in the database."""
    global _source
    _source = source


def current() -> Claims:
    """The claims of this city; empty where there is no questionnaire."""
    return _source()


def read(file: Path) -> Claims:
    """The claims of a questionnaire file (CSV or XLSX) with this one city; raises answers.RefusedError."""
    sheets = answers.read(file, questionnaire.load())
    if len(sheets) != 1:
        raise answers.RefusedError([answers.Fault(1, "", "", _("自述文件应只有本市一行，现有 %d 行") % len(sheets))])
    return claims_of(sheets[0])
