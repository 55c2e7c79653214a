# SPDX-License-Identifier: Apache-2.0
"""Citizens from a file, a thousand at a time: a city may bring a million from its old hotline."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from rexian.directory.actions.citizens import NORMALISE
from rexian.directory.actions.recording import Outcome, check_fields
from rexian.directory.importing import Report, Row
from rexian.directory.models import Change, Citizen, Identity
from rexian.directory.queries import identity_index
from rexian.security.errors import Refusal
from rexian.security.identity import By

BATCH = 1000
TOLD = ("name", "salutation", "address")
Key = tuple[str, bytes]


def take_citizens(rows: Iterator[Row], report: Report, by: By) -> None:
    """Makes citizens known, or completes those that are: what the file leaves empty stays. The report tells whose lines are wrong."""
    while batch := list(islice(rows, BATCH)):
        _Batch(batch, report).take()
    counts = {"added": report.added, "changed": report.changed}
    if not report.problems and any(counts.values()):
        Change.objects.create(
            at=timezone.now(),
            user_id=by.user_id,
            role=by.role,
            table="citizen",
            subject="import",
            before=None,
            after=counts,
        )


@dataclass
class _Batch:
    rows: list[Row]
    report: Report
    known: dict[Key, Citizen] = field(default_factory=dict)
    citizens: list[Citizen] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)

    def take(self) -> None:
        """Saves the batch: one query for who is known, one each for new citizens and identities."""
        given = [(row, found) for row in self.rows if (found := self._identities(row))]
        indexes = [index for _row, found in given for _sort, index in found]
        for identity in Identity.objects.filter(index__in=indexes).select_related("citizen"):
            self.known[identity.sort, bytes(identity.index)] = identity.citizen
        for row, found in given:
            self._take_one(row, found)
        if self.report.problems:
            return
        try:
            Citizen.objects.bulk_create(self.citizens)
            Identity.objects.bulk_create(self.identities)
        except IntegrityError:
            raise Refusal(_("导入时有人来电，登记了同一位诉求人，请再导入一次。")) from None

    def _identities(self, row: Row) -> dict[Key, str]:
        """The line's normalised values by sort and index; empty, and told, where one cannot be or none is given."""
        found: dict[Key, str] = {}
        for sort, normalise in NORMALISE.items():
            for text in row.get(sort) or ():
                try:
                    value = normalise(text)
                except Refusal as refusal:
                    self.report.wrong(row.line, sort, text, refusal.message.removesuffix("。"))
                    return {}
                found[sort, identity_index(sort, value)] = value
        if not found:
            self.report.wrong(row.line, "telephone", "", _("电话、微信、身份证号至少填一项"))
        return found

    def _take_one(self, row: Row, found: dict[Key, str]) -> None:
        people = _different(self.known[key] for key in found if key in self.known)
        if len(people) > 1:
            self.report.wrong(row.line, "", "", _("这一行的号码属于两位诉求人，请先合并"))
            return
        citizen = people[0] if people else Citizen(since=timezone.now())
        told = {name: row.get(name) for name in TOLD if row.get(name) and row.get(name) != getattr(citizen, name)}
        for name, value in told.items():
            setattr(citizen, name, value)
        try:
            check_fields(citizen, {"salutation"} & told.keys())
        except Refusal as refusal:
            self.report.wrong(row.line, refusal.field, row.get(refusal.field), refusal.message.removesuffix("。"))
            return
        outcome = self._outcome(citizen, bool(people), told, found)
        setattr(self.report, outcome, getattr(self.report, outcome) + 1)

    def _outcome(self, citizen: Citizen, there: bool, told: dict[str, Any], found: dict[Key, str]) -> Outcome:
        new = [key for key in found if key not in self.known]
        for sort, index in new:
            self.known[sort, index] = citizen
            self.identities.append(Identity(citizen=citizen, sort=sort, index=index, value=found[sort, index]))
        if not there:
            self.citizens.append(citizen)
            return Outcome.ADDED
        if told and citizen.pk:
            citizen.save(update_fields=list(told))
        return Outcome.CHANGED if told or new else Outcome.SAME


def _different(people: Iterable[Citizen]) -> list[Citizen]:
    return list({id(person) if person.pk is None else person.pk: person for person in people}.values())
