# SPDX-License-Identifier: Apache-2.0
"""Texts that staff use again and again: which there are for an act, and what they say of an order."""

import re
from collections.abc import Callable

from rexian.directory.queries import city, kept
from rexian.orders.models import TextTemplate, WorkOrder

PLACES: dict[str, Callable[[WorkOrder], str]] = {
    "number": lambda order: order.number,
    "title": lambda order: order.title,
    "category": lambda order: order.category.name if order.category else "",
    "area": lambda order: order.area.name if order.area else "",
    "lead": lambda order: order.lead.name if order.lead else "",
    "hotline": lambda _order: city().hotline,
    "telephone": lambda _order: city().telephone,
}
"""The places of a text ({number}, …), and what stands there. None is personal: a text may reach the public."""
_PLACE = re.compile(r"\{([^{}]*)\}")


def unknown(text: str) -> list[str]:
    """The places that a text has and nobody can fill."""
    return [name for name in dict.fromkeys(_PLACE.findall(text)) if name not in PLACES]


def filled(text: str, order: WorkOrder) -> str:
    """A text as it reads for an order; a place of which the order says nothing is left empty."""
    return _PLACE.sub(lambda match: PLACES[match[1]](order) if match[1] in PLACES else match[0], text)


def for_edge(name: str) -> list[TextTemplate]:
    """The texts in use for an act, by name; kept in memory for some seconds, since every order page asks."""
    texts = kept("texts", lambda: list(TextTemplate.objects.filter(active=True)))
    return [one for one in texts if one.edge == name]
