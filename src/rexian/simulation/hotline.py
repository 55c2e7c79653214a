# SPDX-License-Identifier: Apache-2.0
"""The two ways to write a matter's orders down: the newest through intake and the real actions, the older ones in bulk."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from typing import Protocol

from rexian.directory import clock
from rexian.directory.models import Category
from rexian.directory.queries import city
from rexian.intake import proposals
from rexian.intake.actions import Submission, completed, receive
from rexian.orders import actions, numbers
from rexian.orders.actions.receiving import first_events, make_order
from rexian.orders.models import WorkOrder
from rexian.security.identity import CITIZEN, By
from rexian.simulation import grammar, playing
from rexian.simulation.cast import Town
from rexian.simulation.ledger import Ledger
from rexian.simulation.people import People, Person
from rexian.simulation.story import Step, Teller, Telling
from rexian.simulation.town import Call

FIELDS = {"telephone": ("happened", "cause")}
"""What the form of a channel asks for beside the text: the agent's desk for when and why, every other for when."""
LEFT_BLANK = 0.3
"""How often a field is left blank although the text says it."""
MISHEARD = 0.04
"""How often the agent on the telephone chooses a neighbouring category."""


def hear(rng: random.Random, place: Town, call: Call, person: Person) -> Submission:
    """What a caller says of the trouble and what the agent makes of it."""
    street, category = place.streets[call.street], place.categories[call.category]
    estate = call.estate or grammar.estate(rng)
    spoken = call.channel == "telephone"
    said = grammar.say(rng, call.category, f"{street.name}{estate}", spoken=spoken)
    return Submission(
        source="simulation",
        key=f"{rng.getrandbits(128):032x}",
        channel=call.channel,
        text=said.text,
        kind=said.kind,
        urgency="urgent" if category.service == "utility" and rng.random() < 0.5 else "normal",
        name=person.name,
        telephone=person.telephone,
        address=grammar.address(rng, estate),
        area=street,
        longitude=street.longitude and round(street.longitude + rng.gauss(0, 0.008), 6),
        latitude=street.latitude and round(street.latitude + rng.gauss(0, 0.008), 6),
        category=_chosen(rng, place, category) if spoken else None,
        confidential=said.kind == "report" and rng.random() < 0.1,
        **{name: getattr(said, name) for name in FIELDS.get(call.channel, ("happened",)) if rng.random() >= LEFT_BLANK},
    )


def _chosen(rng: random.Random, place: Town, right: Category) -> Category:
    if rng.random() >= MISHEARD:
        return right
    near = [one for code, one in place.categories.items() if code[:3] == right.code[:3] and code != right.code]
    return rng.choice(near or [right])


class Writer(playing.Writer, Protocol):
    """Writes down orders from the beginning; `place` is the order's place among those of its day."""

    def receive(self, told: Submission, person: Person, *, place: int, by: By) -> WorkOrder:
        """A new order; an agent accepts it at once."""
        ...


class Real:
    """Writes by the actions that live use takes."""

    def receive(self, told: Submission, person: Person, *, place: int, by: By) -> WorkOrder:
        return receive(submission=told, by=by, accept=by != CITIZEN).order

    def take(self, order: WorkOrder, step: Step) -> WorkOrder:
        with clock.at(step.at):
            taken: WorkOrder = getattr(actions, step.edge)(order=order, by=step.by, **step.data)
        return taken

    def present(self, order: WorkOrder) -> WorkOrder:
        return WorkOrder.objects.select_related("category", "area", "lead", "parent").get(pk=order.pk)


@dataclass(frozen=True, slots=True)
class Block:
    """What is reserved for the orders of a day: the first primary key, the first serial, and the serial that the day counts from."""

    pk: int
    serial: int
    base: int


@dataclass
class Bulk:
    """Writes in bulk, in the block that is reserved for the day; the proposals are made for all its orders at once."""

    block: Block
    ledger: Ledger = field(default_factory=Ledger)
    proposed: dict[int, proposals.Proposal] = field(default_factory=dict)

    def read(self, told: Mapping[int, Submission]) -> None:
        """What the machines propose for the day's submissions, by their places."""
        asked = [(one.text, one.area, one.category) for one in told.values()]
        self.proposed = dict(zip(told, proposals.propose_many(asked), strict=True))

    def receive(self, told: Submission, person: Person, *, place: int, by: By) -> WorkOrder:
        request = completed(told, self.proposed.pop(place), person.row, told.telephone)
        serial = self.block.serial + place
        number = numbers.compose(city().code, clock.today(), serial - self.block.base)
        order = make_order(request, (serial, number))
        order.id = self.block.pk + place
        self.ledger.begin(order, first_events(order, request, by, accept=by != CITIZEN))
        if told.confidential:
            self.ledger.name(order, by.user_id)
        return order

    def take(self, order: WorkOrder, step: Step) -> WorkOrder:
        return self.ledger.take(order, step)

    def present(self, order: WorkOrder) -> WorkOrder:
        return order


@dataclass(frozen=True, slots=True)
class Heard:
    """A call that has been heard: its place in the day, who calls, and what stands in the form."""

    place: int
    call: Call
    person: Person
    told: Submission


@dataclass(frozen=True, slots=True)
class Matter:
    """The calls about one trouble of a day, in order of time, with the dice of their stories: the same whoever writes them down."""

    rng: random.Random
    heard: list[Heard]


def matter(seed: int, town: Town, people: People, calls: Sequence[tuple[int, Call]]) -> Matter:
    """Hears the calls of one matter, each with its place in the day."""
    first = calls[0][1]
    rng = random.Random(f"{seed} {first.at:%Y-%m-%d} {first.matter}")  # noqa: S311
    heard = []
    for place, call in calls:
        person = people[rng.randrange(people.count)]
        heard.append(Heard(place, call, person, hear(rng, town, call, person)))
    return Matter(rng, heard)


def players(writer: Writer, town: Town, one: Matter) -> list[playing.Player]:
    """The orders of a matter, ready to be played; the later ones know the first as the one that they repeat."""
    found: list[playing.Player] = []

    def player(heard: Heard, parent: bool) -> playing.Player:
        call, at = heard.call, heard.call.at.astimezone(UTC)  # as the clock of live use tells it

        def begin() -> tuple[WorkOrder, Telling]:
            cast = town.cast(one.rng, town.categories[call.category], town.streets[call.street])
            with clock.at(at):
                by = cast.agent if call.channel == "telephone" else CITIZEN
                order = writer.receive(heard.told, heard.person, place=heard.place, by=by)
            return order, Teller(one.rng, cast, found[0].order if parent else None).tell(order)

        return playing.Player(at, begin)

    found += [player(heard, place > 0) for place, heard in enumerate(one.heard)]
    return found
