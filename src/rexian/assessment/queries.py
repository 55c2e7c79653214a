# SPDX-License-Identifier: Apache-2.0
"""Reads of surveys: answers, how far each city is, what a sign-off covers, scores, claims."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from threading import Lock

import numpy as np
from django.db.models import QuerySet
from django.utils import translation

from rexian.assessment import filling, index, overview, questionnaire, ranking, scores, weights
from rexian.assessment import survey as reckoning
from rexian.assessment.document import Document
from rexian.assessment.filling import Progress
from rexian.assessment.models import Answer, Evidence, Invitation, SignOff, Survey
from rexian.assessment.questionnaire import Sheet
from rexian.directory import clock
from rexian.security import encryption

_reckoning = Lock()
WEIGHTINGS = ("equal", "entropy", "hierarchy")


@dataclass(frozen=True, slots=True)
class Standing:
    """A city in a survey: how far its answers are, and who last wrote when."""

    invitation: Invitation
    progress: Progress
    last: datetime | None
    name: str


def current(invitations: Iterable[Invitation]) -> dict[int, dict[str, Answer]]:
    """The answers that hold, by invitation and question; those taken back included. One query."""
    ids = [one.pk for one in invitations]
    rows = Answer.objects.filter(invitation__in=ids).order_by("invitation", "question", "-number")
    found: dict[int, dict[str, Answer]] = {pk: {} for pk in ids}
    for row in rows.distinct("invitation", "question"):
        found[row.invitation_id][row.question] = row
    return found


def sheet(invitation: Invitation, answers: Mapping[str, Answer]) -> Sheet:
    """The effective answers of a city, its name as it was invited; questions that this version does not have are left out."""
    given = {one: value for one, row in answers.items() if (value := filling.value_of(row.value)) is not None} | {
        filling.GIVEN: invitation.city
    }
    return filling.effective(questionnaire.load(), given)


def sheet_of(invitation: Invitation) -> Sheet:
    """The same for one city alone."""
    return sheet(invitation, current([invitation])[invitation.pk])


def fits(survey: Survey) -> bool:
    """Whether the survey was made for the versions that this installation has."""
    return (survey.index_version, survey.questionnaire_version) == (index.load().version, questionnaire.load().version)


def standings(survey: Survey) -> list[Standing]:
    """Every invited city with how far it is."""
    invited = list(survey.invitations.order_by("-own", "city"))
    answers = current(invited)
    return [_standing(one, answers[one.pk]) for one in invited]


def _standing(invitation: Invitation, answers: Mapping[str, Answer]) -> Standing:
    found = filling.progress(questionnaire.load(), index.load(), sheet(invitation, answers))
    last = max((row for row in answers.values() if row.question not in PREFILLED), key=lambda row: row.at, default=None)
    return Standing(invitation, found, last.at if last else None, last.name if last else "")


PREFILLED = ("province",)
"""Answered with the invitation."""


def digest(invitation: Invitation) -> str:
    """The digest over all answers that hold and the evidence of a city, as `sha256:…` or `sm3:…` by the city's suite."""
    return _digest(invitation, encryption.digest_name())


def _digest(invitation: Invitation, algorithm: str) -> str:
    answers = current([invitation])[invitation.pk]
    told = [[one, row.number, row.value, row.name, row.at.isoformat()] for one, row in sorted(answers.items())]
    files = evidence(invitation).order_by("indicator", "sha256").values_list("indicator", "sha256")
    content = json.dumps([invitation.city, told, [list(one) for one in files]], ensure_ascii=False).encode()
    return f"{algorithm}:{encryption.digest(content, algorithm=algorithm).hex()}"


def evidence(invitation: Invitation) -> QuerySet[Evidence]:
    """The files that a city has attached and not taken back."""
    return Evidence.objects.filter(invitation=invitation, removed_at=None).order_by("indicator", "pk")


def files(invitation: Invitation) -> dict[str, list[Evidence]]:
    """The same by indicator."""
    found: dict[str, list[Evidence]] = {}
    for one in evidence(invitation):
        found.setdefault(one.indicator, []).append(one)
    return found


def standing_signoff(invitation: Invitation) -> SignOff | None:
    """The sign-off that holds."""
    return SignOff.objects.filter(invitation=invitation, reopened_at=None).first()


def unchanged(signoff: SignOff) -> bool:
    """Whether the answers and the evidence are still those that were signed."""
    return _digest(signoff.invitation, signoff.digest.partition(":")[0]) == signoff.digest


def taken(survey: Survey, *, everyone: bool = False) -> list[Invitation]:
    """The cities that a report is about: those that signed, or all that have begun. Revoked links do not take back what was signed."""
    states = [Invitation.State.SIGNED] + ([Invitation.State.STARTED] if everyone else [])
    return list(survey.invitations.filter(state__in=states).order_by("city"))


def reckoned(survey: Survey, weighting: str = "equal", *, everyone: bool = False) -> reckoning.Survey:
    """All that is reckoned from the answers, under a weighting of WEIGHTINGS; raises weights.InconsistentError for a survey without judges."""
    invited = taken(survey, everyone=everyone)
    answers = current(invited)
    return weighted(reckoning.Survey([sheet(one, answers[one.pk]) for one in invited]), weighting, survey.judges)


def weighted(found: reckoning.Survey, weighting: str, judges: str) -> reckoning.Survey:
    """The same answers under other weights."""
    if weighting == "entropy" and found.sheets:
        return reckoning.Survey(found.sheets, weights.entropy(found.scores.indicators), "entropy")
    if weighting == "hierarchy":
        own, _ratios = weights.hierarchy(found.index, weights.parse_hierarchy(judges))
        return reckoning.Survey(found.sheets, own, "hierarchy")
    return found


def report(survey: Survey, weighting: str, *, everyone: bool) -> tuple[reckoning.Survey, Document]:
    """The report on a survey as blocks; kept in memory until an answer, a sign-off, the judges, the day or the language is another."""
    invited = taken(survey, everyone=everyone)
    newest = Answer.objects.filter(invitation__in=invited).order_by("-pk").values_list("pk", flat=True).first()
    stamp = (tuple(one.pk for one in invited), newest, survey.judges, clock.today(), translation.get_language())
    with _reckoning:  # several pictures asked for at once are reckoned once
        return _report(survey.pk, weighting, everyone, stamp)


@lru_cache(maxsize=8)
def _report(pk: int, weighting: str, everyone: bool, stamp: object) -> tuple[reckoning.Survey, Document]:
    survey = Survey.objects.get(pk=pk)
    found = reckoned(survey, weighting, everyone=everyone)
    document = overview.build(found, clock.today())
    bare = reckoning.Survey(found.sheets)
    moves = ranking.moves([weighted(bare, one, survey.judges) for one in weightings(survey)])
    return found, replace(document, blocks=(*document.blocks, *moves))


def weightings(survey: Survey) -> list[str]:
    """The weightings that a survey can be read under: the hierarchy only with judges."""
    return [one for one in WEIGHTINGS if one != "hierarchy" or survey.judges]


def claims(city: str) -> Mapping[str, float]:
    """What a city says of itself, by indicator, 0..1: from its newest signed answers; without what it left open, empty if it never signed."""
    signed = SignOff.objects.filter(invitation__city=city, reopened_at=None).select_related("invitation")
    newest = signed.order_by("-at").first()
    if newest is None:
        return {}
    level = scores.score([sheet_of(newest.invitation)], index.load(), questionnaire.load()).indicators
    pairs = zip(level.ids, level.value[0], strict=True)
    return {one: float(value) for one, value in pairs if not np.isnan(value)}
