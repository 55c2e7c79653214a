# SPDX-License-Identifier: Apache-2.0
"""Who is responsible, in memory: what `queries.responsible` asks the database, for many places at a time. Pure.

The nearest category goes first, then the smallest area; a line without an area is for the whole city.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Above = Mapping[int, int | None]
"""The row above each, by id."""


def chain(row: int | None, above: Above) -> Iterator[int]:
    """A row and those above it, the nearest first."""
    while row is not None:
        yield row
        row = above.get(row)


@dataclass(frozen=True, slots=True)
class Responsible:
    """`leads`: the lead's id by (category, area or None), of the lines in force."""

    leads: Mapping[tuple[int, int | None], int]
    categories: Above
    areas: Above

    def of(self, category: int, area: int | None) -> int | None:
        """The id of the department responsible, or None where no line holds."""
        places = [*chain(area, self.areas), None]
        for one in chain(category, self.categories):
            for place in places:
                if (lead := self.leads.get((one, place))) is not None:
                    return lead
        return None
