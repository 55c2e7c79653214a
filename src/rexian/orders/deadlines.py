# SPDX-License-Identifier: Apache-2.0
"""Time limits: rule packs as data, and the deadline that follows from one, with its reason.

Pure: a pack, a case, a start and a calendar in; a deadline with its clause and its steps out. Limits in minutes, hours and days run on
the clock; limits in working days count the working days after the day of the start and end at the pack's `day_ends`.
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parent / "rulepacks"
ZONE = ZoneInfo("Asia/Shanghai")
PHASES = (
    "accept",
    "supplement",
    "dispatch",
    "sign",
    "return",
    "silence",
    "handle",
    "extension",
    "promise",
    "visit",
    "reopen",
)
UNITS = {"minute": "分钟", "hour": "小时", "day": "天", "workday": "个工作日"}
CARDS = ("urge", "yellow", "red", "supervise")
"""What a department may collect, from mild to grave; named as the edges of the workflow that give them."""
DANGER = ("urgency", ("danger",))
WEEKDAYS = "一二三四五六日"


class Calendar(Protocol):
    """Says which days are worked (directory.calendar.WorkingCalendar)."""

    def is_workday(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Case:
    """What of an order sets its limits. `limit` is the category's own time for handling, which goes before the pack's."""

    kind: str = ""
    urgency: str = "normal"
    service: str = ""
    complex: bool = False
    limit: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule of a pack: in `phase`, for the cases that `when` describes, so much time; with its wording and source."""

    id: str
    phase: str
    amount: int
    unit: str
    text: str
    source: str
    official: bool
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def fits(self, case: Case) -> bool:
        for name, values in self.when:  # noqa: SIM110  a loop: every limit asks some ten clauses, and a generator takes twice as long
            if str(getattr(case, name)).lower() not in values:
                return False
        return True

    @property
    def time(self) -> str:
        return f"{self.amount} {UNITS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Consequence:
    """One of CARDS: when it is given, what follows for the department, and how many points (分) count against it; with its source."""

    card: str
    when: str
    follows: str
    points: int
    source: str
    official: bool


@dataclass(frozen=True, slots=True, eq=False)
class RulePack:
    """A city's or province's time limits, one version. `key` names both: `guangdong-2022/1`. `cards` are in the order of CARDS.

    A pack equals only itself, so that what was found in it can be kept.
    """

    id: str
    version: int
    title: str
    source: str
    day_ends: time
    clauses: tuple[Clause, ...]
    dispatches_before_designation: int
    visit_attempts: int
    cards: tuple[Consequence, ...]

    @property
    def key(self) -> str:
        return f"{self.id}/{self.version}"

    def clause(self, phase: str, case: Case) -> Clause:
        """The first clause of `phase` that fits; every pack ends each phase with one that fits all."""
        return _clause(self, phase, case)


@lru_cache(4096)
def _clause(pack: RulePack, phase: str, case: Case) -> Clause:
    """Kept, since a city has few cases and every move of an order asks for some of them."""
    if phase == "handle" and case.limit:
        amount, unit = case.limit
        return Clause("category", phase, amount, unit, "分类自定的办理时限", "分类目录", True)
    return next(clause for clause in pack.clauses if clause.phase == phase and clause.fits(case))


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due, by which clause, and how that was counted, a sentence a step."""

    due: datetime
    clause: Clause
    steps: tuple[str, ...]


def day_name(day: date) -> str:
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def moment_name(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{day_name(local.date())}{local:%H:%M}"


def deadline(pack: RulePack, phase: str, case: Case, start: datetime, calendar: Calendar) -> Deadline:
    """When `phase` of a case that began at `start` (aware) must be done."""
    clause = pack.clause(phase, case)
    due, skipped = _due(pack, clause, start, calendar)
    begin = f"从{moment_name(start)}起算"
    rule = f"{clause.text}：{clause.time}（{clause.source}）"
    if clause.unit != "workday":
        return Deadline(due, clause, (rule, begin, f"连续计时，到{moment_name(due)}"))
    rest = f"跳过非工作日 {'、'.join(map(day_name, skipped))}" if skipped else "其间没有非工作日"
    return Deadline(
        due, clause, (rule, begin, rest, f"第 {clause.amount} 个工作日是{day_name(due.date())}，到{due:%H:%M}止")
    )


def moment(pack: RulePack, phase: str, case: Case, start: datetime, calendar: Calendar) -> datetime:
    """When `deadline` ends, without telling how it was counted: a third of the work."""
    return _due(pack, pack.clause(phase, case), start, calendar)[0]


def _due(pack: RulePack, clause: Clause, start: datetime, calendar: Calendar) -> tuple[datetime, list[date]]:
    """The end of a clause's time, and the days passed over."""
    if clause.unit != "workday":
        return start + timedelta(**{f"{clause.unit}s": clause.amount}), []
    day, skipped = _count(start.astimezone(ZONE).date(), clause.amount, calendar, 1)
    return datetime.combine(day, pack.day_ends, ZONE), skipped


def extended(pack: RulePack, due: datetime, days: int, calendar: Calendar) -> datetime:
    """A limit moved on by working days."""
    day, _ = _count(due.astimezone(ZONE).date(), days, calendar, 1)
    return datetime.combine(day, pack.day_ends, ZONE)


def warning(start: datetime, due: datetime, calendar: Calendar) -> datetime:
    """When the yellow card is shown: one working day before the limit (Shandong 2017).

    A limit too short for that (less than a quarter of it would have passed) warns when three quarters have.
    """
    day, _ = _count(due.astimezone(ZONE).date(), 1, calendar, -1)
    before = datetime.combine(day, due.astimezone(ZONE).time(), ZONE)
    return before if before - start > (due - start) / 4 else start + (due - start) * 3 / 4


def _count(day: date, amount: int, calendar: Calendar, step: int) -> tuple[date, list[date]]:
    """The amount-th working day after (step 1) or before (step -1) `day`, and the days passed over."""
    skipped = []
    while amount:
        day += timedelta(days=step)
        if calendar.is_workday(day):
            amount -= 1
        else:
            skipped.append(day)
    return day, skipped


def _clauses(entries: Iterable[dict[str, Any]]) -> tuple[Clause, ...]:
    return tuple(
        Clause(
            id=entry["id"],
            phase=entry["phase"],
            amount=entry["amount"],
            unit=entry["unit"],
            text=entry["text"],
            source=entry["source"],
            official=entry.get("official", True),
            when=tuple(
                (name, tuple(str(value).lower() for value in values)) for name, values in entry.get("when", {}).items()
            ),
        )
        for entry in entries
    )


def _cards(entries: Iterable[dict[str, Any]], below: Iterable[Consequence]) -> tuple[Consequence, ...]:
    """A pack's own consequences before those of the pack that it is based on; raises ValueError for an unknown or missing card."""
    own = {entry["card"]: Consequence(**({"official": True} | entry)) for entry in entries}
    found = {one.card: one for one in below} | own
    if set(found) != set(CARDS) or any(one.points < 0 for one in found.values()):
        raise ValueError(f"cards must be {', '.join(CARDS)}, with points of 0 or more: {', '.join(sorted(found))}")
    return tuple(found[card] for card in CARDS)


def parse(content: str, base: Callable[[str], RulePack] | None = None) -> RulePack:
    """A pack from its TOML; what it does not rule on it takes from the pack that `based_on` names. Raises ValueError."""
    table = tomllib.loads(content)
    below = base(table["based_on"]) if base and "based_on" in table else None
    clauses = _clauses(table.get("clause", ())) + (below.clauses if below else ())
    # Danger goes before kind and service, whichever pack rules on it.
    clauses = tuple(sorted(clauses, key=lambda clause: DANGER not in clause.when))
    for phase in PHASES:
        if not any(clause.phase == phase and not clause.when for clause in clauses):
            raise ValueError(f"{table['id']}: no clause for every case of {phase}")
    if wrong := [
        clause.id for clause in clauses if clause.unit not in UNITS or clause.phase not in PHASES or clause.amount < 1
    ]:
        raise ValueError(f"{table['id']}: unknown phase or unit, or no time, in {', '.join(wrong)}")
    return RulePack(
        id=table["id"],
        version=table["version"],
        title=table["title"],
        source=table["source"],
        day_ends=table.get("day_ends") or (below.day_ends if below else time(18)),
        clauses=clauses,
        dispatches_before_designation=table.get("dispatches_before_designation")
        or (below.dispatches_before_designation if below else 3),
        visit_attempts=table.get("visit_attempts") or (below.visit_attempts if below else 3),
        cards=_cards(table.get("card", ()), below.cards if below else ()),
    )


@cache
def load(key: str) -> RulePack:
    """A shipped pack by `id` (its newest version) or `id/version`; raises KeyError."""
    name, _, version = key.partition("/")
    found = [path for path in FOLDER.glob(f"{name}.v*.toml") if not version or path.stem == f"{name}.v{version}"]
    if not found:
        raise KeyError(key)
    newest = max(found, key=lambda path: int(path.stem.rpartition(".v")[2]))
    return parse(newest.read_text(encoding="utf-8"), load)


def shipped() -> list[RulePack]:
    """The newest version of every shipped pack, by id."""
    return [load(name) for name in sorted({path.stem.rpartition(".v")[0] for path in FOLDER.glob("*.toml")})]
