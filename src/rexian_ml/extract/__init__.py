# SPDX-License-Identifier: Apache-2.0
"""The five elements of a request (五要素): who, when, where, what, and how it came about; with amounts, durations and frequencies.

By rules alone: the same text and moment give the same elements, and each element is a place in the text that a person can check.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from rexian_ml.extract.amounts import Amount, Duration, Frequency, amounts, durations, frequencies
from rexian_ml.extract.matters import Span, causes, what, who
from rexian_ml.extract.moments import Moment
from rexian_ml.extract.moments import find as find_moments
from rexian_ml.extract.places import Area, Gazetteer, Place
from rexian_ml.extract.places import find as find_places

__all__ = ["Amount", "Area", "Duration", "Elements", "Frequency", "Gazetteer", "Moment", "Place", "Span", "extract"]


@dataclass(frozen=True, slots=True)
class Elements:
    """What a request says of itself, each in the order of the text; `what` is None only for an empty text."""

    who: tuple[Span, ...]
    when: tuple[Moment, ...]
    where: tuple[Place, ...]
    what: Span | None
    cause: tuple[Span, ...]
    amounts: tuple[Amount, ...]
    durations: tuple[Duration, ...]
    frequencies: tuple[Frequency, ...]


def _behind(place: Place, when: list[Moment], text: str) -> Place:
    """The place without a time that stands at its beginning: 国庆期间火车站."""
    start = max((one.stop for one in when if one.place <= place.start < one.stop < place.end), default=place.start)
    return replace(place, start=start, text=text[start : place.end])


def _within(place: Place, bodies: list[Span]) -> bool:
    """Whether an area is only the beginning of a body's name: 春江建设有限公司."""
    return any(one.start <= place.start and place.end < one.end for one in bodies)


LONGEST = 5000
"""Characters of a text that are read; a request says what it is about long before."""


def extract(text: str, now: datetime, gazetteer: Gazetteer | None = None) -> Elements:
    """The elements of a request said at `now` (with a time zone, else ValueError); areas get codes where a gazetteer is given."""
    text = text[:LONGEST]
    when, where, people = find_moments(text, now), find_places(text, gazetteer or Gazetteer()), who(text)
    where = [_behind(one, when, text) for one in where if one.road or one.site or not _within(one, people)]
    places = [(one.place, one.stop) for one in when] + [(one.start, one.end) for one in where]
    people = [one for one in people if not any(start <= one.start and one.end <= end for start, end in places)]
    lasting = [one for one in durations(text) if not any(one.start < end and start < one.end for start, end in places)]
    return Elements(
        tuple(people),
        tuple(when),
        tuple(where),
        what(text, [*places, *((one.start, one.end) for one in people)]),
        tuple(causes(text, places)),
        tuple(amounts(text)),
        tuple(lasting),
        tuple(frequencies(text)),
    )
