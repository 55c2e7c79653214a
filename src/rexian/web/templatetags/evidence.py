# SPDX-License-Identifier: Apache-2.0
"""What the pages of live evidence are written with."""

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.assessment import wording
from rexian.assessment.evidence import queries, report
from rexian.assessment.evidence.models import Measurement

register = template.Library()


@register.filter
def points(value: float | None) -> str:
    """A score 0..1 with two decimals; empty where there is none."""
    return "" if value is None else wording.points(value)


@register.filter
def signed(value: float) -> str:
    """A difference with its sign."""
    return wording.signed(value)


@register.filter
def ratio(one: Measurement) -> str:
    """Numerator / denominator."""
    return report.ratio(queries.evidence_of(one))


@register.simple_tag
def period(one: Measurement) -> str:
    """From which day to which, or the state as of a day."""
    end = f"{timezone.localtime(one.end):%Y-%m-%d}"
    if one.start is None:
        return _("%(day)s 的现状") % {"day": end}
    return _("%(start)s 至 %(end)s") % {"start": f"{timezone.localtime(one.start):%Y-%m-%d}", "end": end}


@register.simple_tag
def length(one: Measurement) -> str:
    """How long its period was, or that it is a state."""
    return _("%(n)s 天") % {"n": (one.end - one.start).days} if one.start else _("现状")
