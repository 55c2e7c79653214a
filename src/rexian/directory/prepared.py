# SPDX-License-Identifier: Apache-2.0
"""Statements that every intake sends, prepared: parsed and planned once a connection instead of at each request."""

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper


class _Cursor(psycopg.RawCursor[tuple[Any, ...]]):
    """Parameters go to the server beside the statement, where Django's own cursor writes them into it."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> "_Cursor":
        return super().execute(query, params, prepare=True)


def execute(statement: str, values: Sequence[Any]) -> CursorWrapper:
    """Runs a statement under Django's connection, transaction and query log, and returns its cursor.

    Places are PostgreSQL's own, `$1` and on; one needs its type beside it (`$1::bytea`) wherever it does not follow from where it stands.
    A statement that returns rows names its columns: one prepared with `*` fails when a migration adds a column.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    cursor = cast(CursorWrapper, database._prepare_cursor(_Cursor(database.connection)))
    cursor.execute(statement, values)
    return cursor
