# SPDX-License-Identifier: Apache-2.0
"""Indicators and their measurements as the pages write them."""

from dataclasses import dataclass

from django.utils.translation import get_language

from rexian.assessment.evidence import queries, report
from rexian.assessment.evidence.models import Measurement
from rexian.assessment.index import Indicator, Node


def name(one: Node | Indicator) -> str:
    """`N1.1 渠道多元化`; the index has its own English."""
    return f"{one.id} {one.english if (get_language() or '').startswith('en') else one.name}"


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator with its measurement, what the city claims (None: nothing), and the measurement before."""

    indicator: Indicator
    measurement: Measurement
    claim: float | None
    before: Measurement | None

    @property
    def name(self) -> str:
        return name(self.indicator)

    @property
    def ratio(self) -> str:
        """Numerator / denominator."""
        return report.ratio(queries.evidence_of(self.measurement))

    @property
    def change(self) -> float | None:
        """By how much the value differs from the one before; None where there is none, or it does not."""
        value, before = self.measurement.value, self.before.value if self.before else None
        return value - before if value is not None and before is not None and value != before else None

    @property
    def apart(self) -> bool:
        """Whether claim and evidence differ enough to be looked at."""
        value = self.measurement.value
        return self.claim is not None and (value is None or abs(value - self.claim) >= report.APART)

    @property
    def published(self) -> str:
        """What was published for 2020, without saying so."""
        return self.indicator.source.removeprefix(report.YEAR)

    @property
    def lacks(self) -> list[str]:
        """What is missing and what would make it."""
        return self.measurement.note.splitlines()
