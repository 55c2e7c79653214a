# SPDX-License-Identifier: Apache-2.0
"""The facts of this hotline, by a fixed number of set-based queries (sql.py), whatever the number of orders."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import override

from rexian.assessment.evidence import sql
from rexian.assessment.evidence.facts import Channel, Facts, Period, Ruled, Tally
from rexian.intake.channels import register
from rexian.orders.workflow import OPEN
from rexian.security.declarations import declared
from rexian.security.encryption import SUITES
from rexian.security.posts import DEPARTMENT_POSTS

OLD = timedelta(days=365)
"""An order received longer ago belongs in the archive."""
GRACE = timedelta(days=2)
"""How late the nightly tasks may throw away what outlived its retention."""
EXAMPLES = 5
ELEMENTS = {"who": "citizen", "when": "happened", "where": "area", "what": "category", "why": "cause"}
AGES = {"intake_draft": "saved_at", "intake_receipt": "at", "orders_export": "asked_at", "jobs_failure": "at"}
"""Tables from which old rows are thrown away, each with the column that its age counts from."""
QUERIES = (
    sql.RECORD,
    sql.PEOPLE,
    sql.TOOLS,
    sql.EXPORTS,
    sql.CLIENTS,
    sql.AGED,
    sql.INSTRUCTIONS,
    sql.CATALOGUE,
    sql.DUTIES,
    sql.POSITIONS,
    sql.TAKEN,
)
"""Those that give one row, whose columns are tallies and numbers of the facts."""
Row = Mapping[str, Any]


def gather(period: Period) -> Facts:
    """The facts of a period; raises ValueError for one without a start."""
    if period.start is None:
        raise ValueError("a period has a start")
    with _snapshot():
        return _gathered(period, _given(period.start, period.end))


@contextmanager
def _snapshot() -> Iterator[None]:
    """All queries see the database at one moment, so that no part is more than its whole; inside a transaction its own view has to do."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _gathered(period: Period, given: Mapping[str, Any]) -> Facts:
    orders = _rows(sql.ORDERS, given)
    values: dict[str, Any] = _of_orders(orders)
    for query in QUERIES:
        values |= _tallies(_rows(query, given)[0])
    advised, corrected = values.pop("advised"), values.pop("corrected")
    values |= {"followed": Tally(advised - corrected, advised), "cleaned": values["cleaned"] + _sum(orders, "merged")}
    values |= {"columns": _columns(), "expiring": _expiring(period.end)}
    return Facts(period=period, channels=_channels(orders), ruled=_ruled(orders), **values)


def _given(start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "start": start,
        "end": end,
        "old": end - OLD,
        "open": sorted(state.value for state in OPEN),
        "suites": sorted(SUITES.values()),
        "department_posts": sorted(DEPARTMENT_POSTS),
        "examples": EXAMPLES,
    }


def _rows(query: str, given: Mapping[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _tallies(row: Row) -> dict[str, Any]:
    """Columns `x`, `x_of` and `x_examples` as one tally; a column alone as the number it is."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if f"{name}_of" in row:
            found[name] = Tally(value or 0, row[f"{name}_of"] or 0, tuple(row.get(f"{name}_examples") or ()))
        elif not name.endswith(("_of", "_examples")):
            found[name] = value or 0
    return found


def _sum(rows: list[Row], name: str) -> int:
    return sum(row[name] for row in rows)


def _of_orders(rows: list[Row]) -> dict[str, Any]:
    """The tallies over all orders of the period, out of the rows by channel and rule pack."""
    total = _sum(rows, "orders")
    found: dict[str, Any] = {name: Tally(_sum(rows, column), total) for name, column in ELEMENTS.items()}
    found |= {name: Tally(_sum(rows, name), total) for name in ("consistent", "proposed")}
    found |= {"contacts": Tally(_sum(rows, "sealed_contacts"), _sum(rows, "contacts"))}
    return found | {"published": Tally(_sum(rows, "clean"), _sum(rows, "published")), "advised": _sum(rows, "advised")}


def _channels(rows: list[Row]) -> tuple[Channel, ...]:
    """The registered channels, and any other that orders came by; names as written in Chinese."""
    with override("zh-hans"):
        known = {one.code: (str(one.name), one.spoken) for one in register().values()}
    found: dict[str, list[Row]] = {code: [] for code in sorted(known.keys() | {row["channel"] for row in rows})}
    for row in rows:
        found[row["channel"]].append(row)
    named = {code: known.get(code, (code, False)) for code in found}
    return tuple(Channel(code, *named[code], _sum(own, "orders"), _sum(own, "joined")) for code, own in found.items())


def _ruled(rows: list[Row]) -> tuple[Ruled, ...]:
    return tuple(Ruled(row["channel"], row["pack"], row["dispatched"]) for row in rows if row["dispatched"])


def _declared() -> set[tuple[str, str]]:
    """(table, column) of every declared field; of many-to-many fields the table between, whole."""
    found = set()
    for one in declared():
        for field in (*one.model._meta.concrete_fields, *one.model._meta.many_to_many):
            if field.name in one.fields and field.column:
                found.add((one.model._meta.db_table, field.column))
            elif field.name in one.fields and field.many_to_many:
                between = getattr(one.model, field.name).through._meta
                found |= {(between.db_table, column.column) for column in between.concrete_fields}
    return found


def _columns() -> Tally:
    """Columns of the database that are declared; the examples are tables without a declaration."""
    there = [(row["table_name"], row["column_name"]) for row in _rows(sql.COLUMNS, {})]
    declared = _declared()
    lacking = sorted({table for table, column in there if (table, column) not in declared})
    return Tally(sum(one in declared for one in there), len(there), tuple(lacking[:EXAMPLES]))


def _expiring(end: datetime) -> Tally:
    """Rows of the tables with a retention, and how many have not outlived it by more than the grace."""
    kept = {one.model._meta.db_table: one.retention for one in declared() if one.retention}
    tables = [table for table in AGES if table in kept]
    parts = (sql.AGE.format(table=table, column=AGES[table]) for table in tables)
    given = {table: end - kept[table] - GRACE for table in tables}
    (row,) = _rows(sql.AGES.format(parts=" UNION ALL ".join(parts)), given)
    return Tally(row["fresh"] or 0, row["rows"] or 0)
