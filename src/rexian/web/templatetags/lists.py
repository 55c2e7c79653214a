# SPDX-License-Identifier: Apache-2.0
"""The rows of the table of all orders. Drawn here and not by a template, which asks of each of its 400 cells again how it is shown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from rexian.orders.columns import Column
from rexian.orders.models import WorkOrder
from rexian.web.templatetags.rexian import card, channel_name, deadline, moment, order_url, state

register = template.Library()
NOTHING = mark_safe('<span class="mute">—</span>')
LONGEST = 120
"""Characters of a text that a cell shows."""
Shown = SafeString | str


@dataclass(frozen=True, slots=True)
class Row:
    """An order in a list: what each column tells of it, and where the words of a search stand in its text."""

    order: WorkOrder
    values: list[Any]
    found: Shown = ""


def _number(row: Row, value: Any) -> Shown:
    return format_html('<a class="num" href="{}">{}</a>', order_url(row.order.number), value)


def _title(row: Row, value: Any) -> Shown:
    found = format_html('<p class="mute">{}</p>', row.found) if row.found else ""
    return format_html('<a href="{}">{}</a>{}', order_url(row.order.number), value, found)


def _due(row: Row, value: Any) -> Shown:
    return str(value) if row.order.closed_at else deadline(row.order)


def _as_told(row: Row, value: Any) -> Shown:
    return NOTHING if value is None or value == "" else value


CELLS: dict[str, Callable[[Row, Any], Shown]] = {
    "number": _number,
    "title": _title,
    "state": lambda row, value: state(row.order),
    "due_at": _due,
    "card": lambda row, value: card(row.order),
    "received_at": lambda row, value: moment(row.order.received_at),
    "channel": lambda row, value: channel_name(value),
    "text": lambda row, value: Truncator(value).chars(LONGEST),
}
"""By column how its cell is shown; the others show what the column tells."""


def _attributes(column: Column) -> SafeString:
    """Of a column's cells: the head again, for narrow screens, and how they are set."""
    if column.name == "title":
        return mark_safe(' class="main"')
    set_ = ' class="r"' if column.number else ' class="nb"' if column.name == "area" else ""
    return format_html(f' data-head="{{}}"{set_}', column.label)


@register.simple_tag
def order_rows(rows: Iterable[Row], columns: list[Column]) -> SafeString:
    """The rows of the table, each with its box to tick."""
    ways = [(_attributes(column), CELLS.get(column.name, _as_told)) for column in columns]
    return format_html_join("\n", "<tr>{}{}</tr>", ((_tick(row.order), _cells(row, ways)) for row in rows))


def _tick(order: WorkOrder) -> SafeString:
    box = '<td class="tick"><input type="checkbox" name="number" value="{}" form="ticked" aria-label="{}"></td>'
    return format_html(box, order.number, order.title)


def _cells(row: Row, ways: list[tuple[SafeString, Callable[[Row, Any], Shown]]]) -> SafeString:
    told = ((attributes, show(row, value)) for (attributes, show), value in zip(ways, row.values, strict=True))
    return format_html_join("", "<td{}>{}</td>", told)
