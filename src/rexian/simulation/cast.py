# SPDX-License-Identifier: Apache-2.0
"""Who acts in the story of one order: the hotline's people, and the departments with theirs."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rexian.directory import clock
from rexian.directory.models import Area, CatalogueLine, Category, Department
from rexian.directory.queries import around, by_of, lines_on
from rexian.security.identity import By
from rexian.security.models import User
from rexian.security.posts import Post
from rexian.simulation import grammar
from rexian.simulation.town import Map

ACTORS = (Post.AGENT, Post.DISPATCHER, Post.SUPERVISOR, Post.VISITOR)


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who works in a department, and the sections that it hands orders on to."""

    clerk: By
    head: By
    sections: tuple[Department, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the story of one order: the hotline's people, the right department, and all others with theirs."""

    agent: By
    dispatcher: By
    supervisor: By
    visitor: By
    leader: By
    category: Category
    lead: Department
    assisting: list[Department]
    line: int | None
    staff: dict[int, Staffing]
    """By department id."""
    departments: Sequence[Department]
    """All of the city's, the right ones too."""

    def clerk(self, department: Department) -> By:
        return self.staff[department.id].clerk

    def wrong(self, rng: random.Random) -> list[Department]:
        """Three departments that the order may wrongly go to first."""
        right = [self.lead, *self.assisting]
        return [one for one in rng.sample(self.departments, len(right) + 3) if one not in right][:3]


@dataclass
class Town:
    """The city as the simulation needs it, read once."""

    streets: dict[str, Area]
    categories: dict[str, Category]
    departments: dict[int, Department]
    by_post: dict[Post, list[By]]
    staff: dict[int, Staffing]
    lines: dict[tuple[int, str], CatalogueLine]
    found: dict[tuple[int, int], CatalogueLine] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Town":
        people: dict[Post, list[By]] = {}
        for user in User.objects.select_related("staff__department").order_by("pk"):
            people.setdefault(Post(user.post), []).append(by_of(user))
        categories = {
            c.code: c for c in Category.objects.select_related("parent__parent") if c.code in grammar.troubles()
        }
        streets = {a.code: a for a in Area.objects.filter(level=3).select_related("parent__parent")}
        staff = _staffing(people)
        own = Department.objects.filter(pk__in=list(staff)).select_related("area").in_bulk()
        lines = {
            (line.category_id, line.area.stem if line.area else ""): line
            for line in lines_on(clock.today()).select_related("lead", "area")
        }
        return cls(streets, categories, dict(sorted(own.items())), people, staff, lines)

    @property
    def map(self) -> Map:
        return Map(tuple(sorted(self.categories)), tuple(sorted(self.streets)))

    def line(self, category: Category, street: Area) -> CatalogueLine:
        """The catalogue line for a category in a street, as directory.queries.responsible finds it; raises LookupError."""
        key = (category.pk, street.pk)
        if key not in self.found:
            above = (category, category.parent, category.parent and category.parent.parent)
            ways = ((one.pk, stem) for one in above if one for stem in (*around(street.stem), ""))
            line = next((self.lines[way] for way in ways if way in self.lines), None)
            if line is None:
                raise LookupError(f"no catalogue line for {category.code} in {street.code}")
            self.found[key] = line
        return self.found[key]

    def cast(self, rng: random.Random, category: Category, street: Area) -> Cast:
        line = self.line(category, street)
        assisting = [self.departments[pk] for pk in line.assisting if pk in self.departments]
        agent, dispatcher, supervisor, visitor = (rng.choice(self.by_post[post]) for post in ACTORS)
        leader = self.by_post[Post.LEADER][0]
        return Cast(
            agent, dispatcher, supervisor, visitor, leader, category, line.lead, assisting, line.number, self.staff, self.all
        )  # fmt: skip

    @cached_property
    def all(self) -> list[Department]:
        return list(self.departments.values())


def _staffing(people: dict[Post, list[By]]) -> dict[int, Staffing]:
    heads = {by.department_id: by for by in people[Post.HEAD]}
    sections: dict[int, list[Department]] = {}
    inner: Iterable[Department] = Department.objects.filter(internal=True, active=True, parent__isnull=False)
    for one in inner:
        sections.setdefault(one.parent_id or 0, []).append(one)
    return {
        by.department_id: Staffing(by, heads[by.department_id], tuple(sections.get(by.department_id, ())))
        for by in people[Post.CLERK]
        if by.department_id
    }
