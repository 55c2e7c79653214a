# SPDX-License-Identifier: Apache-2.0
"""The dispatch catalogue: lines are ended and begun, never rewritten, so that the catalogue of any past day can be read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rexian.directory.actions.recording import Outcome, may_keep, put
from rexian.directory.models import Area, CatalogueLine, Category, Department
from rexian.directory.queries import forget
from rexian.security.errors import Refusal
from rexian.security.identity import By

Place = tuple[int, int | None]
"""The ids of category and area."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is responsible for a category in an area (None: the whole city), from a day on, by what right."""

    category: Category
    area: Area | None
    lead: Department
    since: date
    assisting: Sequence[Department] = ()
    basis: str = ""

    @property
    def place(self) -> Place:
        return self.category.pk, self.area.pk if self.area else None

    def check(self) -> None:
        """Raises Refusal for a department that is no longer in use or named twice."""
        for name, department in (("lead", self.lead), *(("assisting", one) for one in self.assisting)):
            if not department.active:
                raise Refusal(_("“%(name)s”已停用。") % {"name": department.name}, field=name)
        if self.lead in self.assisting:
            raise Refusal(_("主办单位不能同时是协办单位。"), field="assisting")

    def of(self, line: CatalogueLine) -> bool:
        """Whether a line says the same, from whichever day."""
        own = (self.lead.pk, [one.pk for one in self.assisting], self.basis)
        return own == (line.lead_id, line.assisting, line.basis)


@dataclass
class Catalogue:
    """The lines of some places, or of all, locked while they change; `by_number` says whose each number is."""

    lines: dict[Place, list[CatalogueLine]] = field(default_factory=lambda: defaultdict(list))
    by_number: dict[int, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, *places: Place) -> "Catalogue":
        """The catalogue of these places; of all without any. Numbers are always all, and no two changes go at once."""
        CatalogueLine.objects.select_for_update().order_by("pk").first()
        found = cls()
        wanted = Q()
        for category, area in places:
            wanted |= Q(category=category, area=area)
        for line in CatalogueLine.objects.filter(wanted).order_by("since"):
            found.lines[line.category_id, line.area_id].append(line)
        for number, category_id, area_id in CatalogueLine.objects.values_list("number", "category", "area"):
            found.by_number[number] = (category_id, area_id)
        return found

    def begin(self, by: By, duty: Duty, *, until: date | None = None, number: int | None = None) -> Outcome:
        """Begins a line, and ends the one before on the same day; raises Refusal."""
        duty.check()
        before = self.lines[duty.place]
        last = before[-1] if before else None
        if last and last.until is None and duty.of(last) and until is None and number in (None, last.number):
            return Outcome.SAME
        self._check_days(last, duty.since, until)
        number = self._number(duty.place, number, last)
        if last and last.until is None:
            self.end(by, last, duty.since)
        line = CatalogueLine()
        values = {
            "number": number,
            "category": duty.category,
            "area": duty.area,
            "lead": duty.lead,
            "since": duty.since,
        }
        values |= {"assisting": [one.pk for one in duty.assisting], "until": until, "basis": duty.basis}
        put(by=by, row=line, subject=str(number), values=values)
        before.append(line)
        self.by_number[number] = duty.place
        return Outcome.CHANGED if last else Outcome.ADDED

    def end(self, by: By, line: CatalogueLine, until: date) -> Outcome:
        """Ends a line on a day: from that day on it does not hold."""
        if line.until is not None and line.until != until:
            raise Refusal(
                _("第 %(number)s 条已于 %(until)s 失效，不能再改。") % {"number": line.number, "until": line.until},
                field="until",
            )
        if until <= line.since:
            raise Refusal(_("失效日期须晚于生效日期 %(since)s。") % {"since": line.since}, field="until")
        return put(by=by, row=line, subject=str(line.number), values={"until": until})

    def _check_days(self, last: CatalogueLine | None, since: date, until: date | None) -> None:
        if until is not None and until <= since:
            raise Refusal(_("失效日期须晚于生效日期 %(since)s。") % {"since": since}, field="until")
        if last is None:
            return
        if last.until is None and since <= last.since:
            told = {"number": last.number, "since": last.since}
            raise Refusal(
                _("现行第 %(number)s 条自 %(since)s 起生效，不改写：请写更晚的生效日期。") % told, field="since"
            )
        if last.until is not None and since < last.until:
            told = {"number": last.number, "until": last.until}
            raise Refusal(_("与第 %(number)s 条重叠，它到 %(until)s 才失效。") % told, field="since")

    def _number(self, place: Place, wished: int | None, last: CatalogueLine | None) -> int:
        number = wished or (last.number if last else max(self.by_number, default=0) + 1)
        if self.by_number.get(number, place) != place:
            raise Refusal(_("序号 %(number)s 已用于别的分类或区域。") % {"number": number}, field="number")
        return number


@transaction.atomic
def begin_line(*, by: By, duty: Duty) -> Outcome:
    """Makes a department responsible from a day on; who was before, was until that day. Raises Refusal."""
    may_keep(by)
    outcome = Catalogue.of(duty.place).begin(by, duty)
    forget()
    return outcome


@transaction.atomic
def end_line(*, by: By, line: CatalogueLine, until: date) -> Outcome:
    """Ends a line without another; from that day on the line of a wider area or category holds, if there is one."""
    may_keep(by)
    outcome = Catalogue().end(by, CatalogueLine.objects.select_for_update().get(pk=line.pk), until)
    forget()
    return outcome
