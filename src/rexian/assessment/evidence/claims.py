# SPDX-License-Identifier: Apache-2.0
"""What the city says of itself, beside what is measured: its own signed questionnaire, or a file of one."""

from pathlib import Path

from rexian.assessment import answers, queries, questionnaire
from rexian.assessment.evidence.measures import Claims, claims_of
from rexian.assessment.translation import gettext as _
from rexian.directory.queries import city


def current() -> Claims:
    """The claims of this city; empty where it has not signed a questionnaire."""
    return queries.claims(city().name)


def read(file: Path) -> Claims:
    """The claims of a questionnaire file (CSV or XLSX) with this one city; raises answers.RefusedError."""
    sheets = answers.read(file, questionnaire.load())
    if len(sheets) != 1:
        raise answers.RefusedError([answers.Fault(1, "", "", _("自述文件应只有本市一行，现有 %d 行") % len(sheets))])
    return claims_of(sheets[0])
