# SPDX-License-Identifier: Apache-2.0
"""Answers: one at a time as they are typed, or a whole file; and the evidence that goes with them."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.assessment import answers, files, filling, queries, questionnaire
from rexian.assessment.access import runs
from rexian.assessment.answers import Fault, RefusedError
from rexian.assessment.models import Answer, Evidence, Invitation, Survey
from rexian.assessment.questionnaire import Sheet, Value
from rexian.directory import clock
from rexian.orders import attachments
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By

MOST_FILES = 9
"""Files of evidence to one indicator."""


class Overwritten(Refusal):
    """Somebody else answered meanwhile; `latest` is what he wrote. Nothing of his is replaced unseen."""

    def __init__(self, latest: Answer) -> None:
        super().__init__(_("%(name)s 刚才改过这一题，您的没有存。") % {"name": latest.name}, field=latest.question)
        self.latest = latest


def told_name(by: By) -> str:
    """The name that stands beside what somebody wrote, by which people are told apart."""
    return by.name.strip()[:40]


def begin(invitation: Invitation, by: By) -> Invitation:
    """The invitation, locked; raises Forbidden once it is signed or over, Refusal for one who gives no name."""
    if not told_name(by):
        raise Refusal(_("请先写您的姓名。"), field="name")
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("survey").get(pk=invitation.pk)
    if locked.state == Invitation.State.SIGNED:
        raise Forbidden(_("问卷已经签发，不能再改；要改请联系调查负责人重开。"))
    if locked.revoked_at is not None or not locked.survey.opens <= clock.now() < locked.survey.closes:
        raise Forbidden(_("问卷没有开放，或已经截止。"))
    if not queries.fits(locked.survey):
        raise Forbidden(_("这次调查用的是另一版问卷，不能再填。"))
    return locked


@transaction.atomic
def answer(*, by: By, invitation: Invitation, question: str, value: Value | None, base: int) -> Answer:
    """Writes an answer after the one of number `base` that its writer saw (0: none); None takes it back.

    Raises Overwritten where somebody of another name has written meanwhile something else. The same again writes nothing.
    """
    locked = begin(invitation, by)
    latest = Answer.objects.filter(invitation=locked, question=question).order_by("-number").first()
    stored = filling.stored(value)
    if latest is not None and latest.value == stored:
        return latest
    if latest is not None and latest.number > base and latest.name != told_name(by):
        raise Overwritten(latest)
    _start(locked)
    return _append(locked, question, stored, by, latest.number if latest else 0)


def _start(invitation: Invitation) -> None:
    if invitation.state == Invitation.State.INVITED:
        invitation.state = Invitation.State.STARTED
        invitation.save(update_fields=["state"])


def _append(invitation: Invitation, question: str, stored: filling.Stored, by: By, number: int) -> Answer:
    return Answer.objects.create(
        invitation=invitation,
        question=question,
        number=number + 1,
        value=stored,
        name=told_name(by),
        user_id=by.user_id,
        at=clock.now(),
    )


@transaction.atomic
def import_file(*, by: By, survey: Survey, file: Path, only: Invitation | None = None) -> int:
    """Writes the answers of a CSV or XLSX file, one row a city, all or nothing; returns how many cities.

    `only`: the file may hold no other city. Raises RefusedError with line, column, value and reason of every fault; cells that are empty
    leave what is there.
    """
    if only is None and not runs(survey, by):
        raise Forbidden(_("只有这次调查的负责人或管理员可以这样做。"))
    sheets = answers.read(file, questionnaire.load())
    lines = [line for line, _cells in files.read(file)[1:]]
    invited = _invited(survey, lines, sheets, only)
    locked = [begin(one, by) for one in sorted(invited, key=lambda one: one.pk)]
    known = queries.current(locked)
    for one, given in zip(invited, sheets, strict=True):
        _take(next(other for other in locked if other.pk == one.pk), given, known[one.pk], by)
    return len(sheets)


def _invited(
    survey: Survey, lines: Sequence[int], sheets: Sequence[Sheet], only: Invitation | None
) -> list[Invitation]:
    """The invitation of each sheet; raises RefusedError for cities that were not asked, or have signed."""
    there = {_plain(one.city): one for one in ([only] if only else survey.invitations.filter(revoked_at=None))}
    column = answers.heading(questionnaire.load().by_id[filling.GIVEN])
    faults, found = [], []
    for line, given in zip(lines, sheets, strict=True):
        city = str(given[filling.GIVEN])
        one = there.get(_plain(city))
        if one is None:
            reason = _("应为“%s”") % only.city if only else _("这个城市不在受邀名单上")
            faults.append(Fault(line, column, city, reason))
        elif one.state == Invitation.State.SIGNED:
            faults.append(Fault(line, column, city, _("这个城市已经签发，不能再改")))
        else:
            found.append(one)
    if len(set(found)) < len(found):
        faults.append(Fault(lines[-1], column, "", _("同一个城市有两行")))
    if faults:
        raise RefusedError(faults)
    return found


def _plain(city: str) -> str:
    return city.strip().removesuffix("市")


def _take(invitation: Invitation, given: Sheet, known: Mapping[str, Answer], by: By) -> None:
    for question, value in given.items():
        stored, row = filling.stored(value), known.get(question)
        if question != filling.GIVEN and (row is None or row.value != stored):
            _append(invitation, question, stored, by, row.number if row else 0)
    _start(invitation)


@transaction.atomic
def attach(*, by: By, invitation: Invitation, indicator: str, name: str, content: bytes) -> Evidence:
    """Adds a file of evidence to an indicator: type by content, at most 10 MB, pictures without metadata. The same twice is one."""
    kind = attachments.media_type(content, name)
    clean = attachments.cleaned(content, kind, name)
    locked = begin(invitation, by)
    sha256 = hashlib.sha256(clean).hexdigest()
    there = queries.evidence(locked).filter(indicator=indicator)
    if known := there.filter(sha256=sha256).first():
        return known
    if there.count() >= MOST_FILES:
        raise Refusal(_("一项指标最多附 %(most)s 个文件。") % {"most": MOST_FILES}, field="attachments")
    _start(locked)
    return Evidence.objects.create(
        invitation=locked,
        indicator=indicator,
        name=name[-120:],
        media_type=kind,
        size=len(clean),
        sha256=sha256,
        file=attachments.store(clean),
        by=told_name(by),
        at=clock.now(),
    )


@transaction.atomic
def remove_evidence(*, by: By, invitation: Invitation, evidence: Evidence) -> None:
    """Takes a file back; its row says who and when."""
    begin(invitation, by)
    evidence.removed_at, evidence.removed_by = clock.now(), told_name(by)
    evidence.save(update_fields=["removed_at", "removed_by"])
