# SPDX-License-Identifier: Apache-2.0
"""A believable city's orders: through the real actions for the last days, in bulk for the time before."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from rexian.directory.models import Area, Category, Citizen, Department, Identity
from rexian.directory.queries import by_of, identity_index, responsible, working_calendar
from rexian.intake import proposals
from rexian.intake.actions import Submission, receive
from rexian.orders import actions, chain, clock
from rexian.orders.actions.receiving import first_events, make_order
from rexian.orders.models import Card, WorkOrder
from rexian.orders.workflow import EDGES, ENDED
from rexian.security.identity import CITIZEN, SYSTEM, By
from rexian.security.models import User
from rexian.security.posts import Post
from rexian.simulation import grammar, story, town
from rexian.simulation.past import Ledger
from rexian.simulation.story import Cast
from rexian.simulation.town import Call

BATCH = 1000
ACTORS = (Post.AGENT, Post.DISPATCHER, Post.SUPERVISOR, Post.VISITOR)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"


@dataclass
class Town:
    """The city as the simulation needs it, read once."""

    streets: dict[str, Area]
    categories: dict[str, Category]
    departments: list[Department]
    by_post: dict[Post, list[By]]
    staff: dict[int, tuple[By, By]]
    lines: dict[tuple[str, str], tuple[Department, list[Department], int]]

    @classmethod
    def read(cls) -> "Town":
        people: dict[Post, list[By]] = {}
        for user in User.objects.select_related("staff__department").order_by("pk"):
            people.setdefault(Post(user.post), []).append(by_of(user))
        heads = {by.department_id: by for by in people[Post.HEAD]}
        staff = {by.department_id: (by, heads[by.department_id]) for by in people[Post.CLERK] if by.department_id}
        categories = {
            c.code: c for c in Category.objects.select_related("parent__parent") if c.code in grammar.troubles()
        }
        streets = {a.code: a for a in Area.objects.filter(level=3).select_related("parent__parent")}
        own = Department.objects.filter(pk__in=list(staff)).select_related("area")
        return cls(streets, categories, list(own), people, staff, {})

    def line(self, category: Category, street: Area) -> tuple[Department, list[Department], int]:
        """Who is responsible for a category in a street's district, and by which catalogue line."""
        key = (category.code, street.parent.code if street.parent else "")
        if key not in self.lines:
            found = responsible(category, street, clock.today())
            if found is None:
                raise LookupError(f"no catalogue line for {key}")
            assisting = list(Department.objects.filter(pk__in=found.assisting))
            self.lines[key] = (found.lead, assisting, found.number)
        return self.lines[key]

    def cast(self, rng: random.Random, category: Category, street: Area) -> Cast:
        lead, assisting, number = self.line(category, street)
        wrong = rng.choice([one for one in self.departments if one != lead and one not in assisting])
        agent, dispatcher, supervisor, visitor = (rng.choice(self.by_post[post]) for post in ACTORS)
        return Cast(agent, dispatcher, supervisor, visitor, category, lead, assisting, wrong, number, self.staff)


def simulate(
    *,
    orders: int,
    days: int,
    seed: int,
    real_days: int = 7,
    end: datetime | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> int:
    """Fills the city with `orders` over the `days` up to now; the same seed and end give the same city. Returns how many it wrote.

    Orders of the last `real_days` go through intake and the real actions, those before are written in bulk.
    """
    end = end or clock.now()
    place, rng = Town.read(), random.Random(seed)  # noqa: S311  nothing secret
    found = town.calls(
        rng,
        orders=orders,
        days=days,
        end=end,
        categories=sorted(place.categories),
        streets=sorted(place.streets),
        calendar=working_calendar(),
    )
    cut = end - timedelta(days=real_days)
    past, recent = [call for call in found if call.at < cut], [call for call in found if call.at >= cut]
    people = _people(rng, max(1, orders * 6 // 10), end - timedelta(days=days))
    ledger = Ledger()
    for number, call in enumerate(past, 1):
        _tell_past(ledger, rng, place, call, people, end)
        if number % BATCH == 0 or number == len(past):
            ledger.write()
            say(f"历史工单 {number} / {len(past)}")
    for number, call in enumerate(recent, 1):
        _tell_recent(rng, place, call, people, end)
        if number % 200 == 0 or number == len(recent):
            say(f"近日工单 {number} / {len(recent)}")
    chain.seal_due(end)
    return len(found)


@dataclass(frozen=True, slots=True)
class Person:
    citizen: Citizen
    name: str
    telephone: str


def _people(rng: random.Random, count: int, since: datetime) -> list[Person]:
    """Citizens with invented names and numbers of a block that this city has for itself (199 0xxx xxxx)."""
    told = [
        ("".join((rng.choice(SURNAMES), rng.choice(GIVEN), rng.choice(GIVEN + "  "))).strip(), f"1990{n:07d}")
        for n in range(count)
    ]
    with transaction.atomic():
        known = Citizen.objects.bulk_create(
            [
                Citizen(name=name, salutation=f"{name[0]}{rng.choice(('先生', '女士'))}", since=since)
                for name, _ in told
            ],
            batch_size=2000,
        )
        sort = Identity.Sort.TELEPHONE
        Identity.objects.bulk_create(
            [
                Identity(citizen=one, sort=sort, index=identity_index(sort, number), value=number)
                for one, (_, number) in zip(known, told, strict=True)
            ],
            batch_size=2000,
        )
    return [Person(one, name, number) for one, (name, number) in zip(known, told, strict=True)]


def _submission(rng: random.Random, place: Town, call: Call, person: Person) -> Submission:
    street = place.streets[call.street]
    estate = call.estate or grammar.estate(rng)
    said = grammar.say(rng, call.category, f"{street.name}{estate}", spoken=call.channel == "telephone")
    return Submission(
        source="simulation",
        key=str(uuid.UUID(int=rng.getrandbits(128))),
        channel=call.channel,
        text=said.text,
        kind=said.kind,
        urgency="urgent" if place.categories[call.category].service == "utility" and rng.random() < 0.5 else "normal",
        name=person.name,
        telephone=person.telephone,
        address=grammar.address(rng, estate),
        area=street,
        longitude=street.longitude and round(street.longitude + rng.gauss(0, 0.008), 6),
        latitude=street.latitude and round(street.latitude + rng.gauss(0, 0.008), 6),
        category=place.categories[call.category] if call.channel == "telephone" else None,
        confidential=said.kind == "report" and rng.random() < 0.1,
    )


def _tell_past(
    ledger: Ledger, rng: random.Random, place: Town, call: Call, people: list[Person], end: datetime
) -> None:
    person = rng.choice(people)
    told = _submission(rng, place, call, person)
    by_agent = call.channel == "telephone"
    cast = place.cast(rng, place.categories[call.category], place.streets[call.street])
    with clock.at(call.at):
        made = proposals.propose(told.text, told.area, told.category)
        request = actions.Request(
            text=told.text, channel=told.channel, kind=told.kind, urgency="danger" if made.danger else told.urgency, who=told.name,
            telephone=told.telephone, address=told.address, area=told.area, longitude=told.longitude, latitude=told.latitude,
            category=told.category, citizen=person.citizen, confidential=told.confidential, danger=made.danger, proposal=made.record,
            fingerprint=made.fingerprint, tokens=made.tokens,
        )  # fmt: skip
        order = make_order(request)
        ledger.begin(order, first_events(order, request, cast.agent if by_agent else CITIZEN, accept=by_agent))
    telling = story.tell(rng, order, cast)
    step = next(telling, None)
    while step is not None and step.at < end:
        ledger.let_pass(order, step.at)
        try:
            step = telling.send(ledger.take(order, step))
        except StopIteration:
            step = None
    ledger.let_pass(order, end)


def _tell_recent(rng: random.Random, place: Town, call: Call, people: list[Person], end: datetime) -> None:
    told = _submission(rng, place, call, rng.choice(people))
    by_agent = call.channel == "telephone"
    cast = place.cast(rng, place.categories[call.category], place.streets[call.street])
    with clock.at(call.at):
        order = receive(submission=told, by=cast.agent if by_agent else CITIZEN, accept=by_agent).order
    telling = story.tell(rng, order, cast)
    step = next(telling, None)
    while step is not None and step.at < end:
        order = _let_pass(order, step.at)
        with clock.at(step.at):
            order = getattr(actions, step.edge)(order=order, by=step.by, **step.data)
        try:
            step = telling.send(order)
        except StopIteration:
            step = None
    _let_pass(order, end)


def _let_pass(order: WorkOrder, until: datetime) -> WorkOrder:
    """The time-driven moves of one order up to a moment, at the moments when the worker would have made them."""
    late = timedelta(seconds=30)
    if order.state in EDGES["yellow"].sources and order.due_at and order.warn_at:
        if order.card == Card.NONE and order.warn_at < min(until, order.due_at):
            with clock.at(order.warn_at + late):
                order = actions.yellow(order=order, by=SYSTEM)
        if order.card < Card.RED and order.due_at and order.due_at < until:
            with clock.at(order.due_at + late):
                order = actions.red(order=order, by=SYSTEM)
    if order.state in ENDED and order.stage_due_at and order.stage_due_at < until:
        with clock.at(order.stage_due_at + late):
            order = actions.archive(order=order, by=SYSTEM)
    return order
