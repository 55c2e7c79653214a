# SPDX-License-Identifier: Apache-2.0
"""The people of the synthetic city: the n-th is the same whoever asks, so that nobody has to hand them round."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from rexian.directory.inserting import new
from rexian.directory.models import Citizen, Identity
from rexian.directory.queries import identity_index
from rexian.simulation.copying import copy

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
MOST = 10_000_000
"""How many numbers the block 199 0xxx xxxx has."""


@dataclass(frozen=True, slots=True)
class Person:
    """An invented citizen: `pk` of the citizen's row, name, and a number of a block that the synthetic city has for itself (199 0xxx xxxx)."""

    pk: int
    name: str
    telephone: str
    salutation: str

    @property
    def row(self) -> Citizen:
        """The citizen's row as an order needs it."""
        return new(Citizen, id=self.pk)


@dataclass(frozen=True, slots=True)
class People:
    """`count` citizens whose rows are numbered from `first` on."""

    seed: int
    first: int
    count: int

    def __getitem__(self, place: int) -> Person:
        if not 0 <= place < min(self.count, MOST):
            raise IndexError(place)
        dice = hashlib.sha256(f"{self.seed} person {place}".encode()).digest()
        given = [GIVEN[dice[1] % len(GIVEN)], GIVEN[dice[2] % len(GIVEN)] if dice[3] < 230 else ""]
        name = "".join((SURNAMES[dice[0] % len(SURNAMES)], *given))
        salutation = f"{name[0]}{'先生' if dice[4] % 2 else '女士'}"
        return Person(self.first + place, name, f"1990{place:07d}", salutation)


def settle(people: People, places: range, since: datetime) -> None:
    """Writes the citizens of `places`, each with a telephone number."""
    told = [people[place] for place in places]
    citizens = [new(Citizen, id=one.pk, name=one.name, salutation=one.salutation, since=since) for one in told]
    copy(Citizen, citizens, keyed=True)
    sort = Identity.Sort.TELEPHONE
    copy(
        Identity,
        [
            new(Identity, citizen_id=one.pk, sort=sort, index=identity_index(sort, one.telephone), value=one.telephone)
            for one in told
        ],
    )
