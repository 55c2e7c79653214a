# SPDX-License-Identifier: Apache-2.0
"""The five elements as the machines read them out of what is typed, for the desk's form."""

from datetime import datetime

from rexian.directory.models import Area
from rexian.directory.queries import kept
from rexian_ml.extract import Area as Named
from rexian_ml.extract import Gazetteer, extract


def gazetteer() -> Gazetteer:
    """The city's districts and streets by name."""
    return kept(
        "gazetteer",
        lambda: Gazetteer([Named(one.code, one.name) for one in Area.objects.filter(active=True, level__gt=1)]),
    )


def heard(text: str, now: datetime) -> dict[str, str]:
    """By field of the order form what the text says of it: name, happened, area, address, cause; fields it says nothing of are left out."""
    found = extract(text, now, gazetteer())
    where = max(found.where, key=lambda place: len(place.code) * 1000 + place.end - place.start, default=None)
    told = {
        "name": found.who[0].text if found.who else "",
        "happened": found.when[0].text if found.when else "",
        "area": where.areas[-1] if where and where.areas else "",
        "address": where.text if where else "",
        "cause": found.cause[0].text if found.cause else "",
    }
    return {name: value for name, value in told.items() if value}
