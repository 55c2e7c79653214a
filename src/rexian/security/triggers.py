# SPDX-License-Identifier: Apache-2.0
"""Tables that are appended to and never edited: held by the database itself."""

from django.db.migrations import RunSQL

REFUSE = """
CREATE OR REPLACE FUNCTION rexian_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END$$
"""


def append_only(table: str) -> RunSQL:
    """A migration operation after which rows of `table` can be neither changed nor deleted.

    TRUNCATE, which only the owner of the table may, is not stopped but found: by `audit verify`, as every removed row is.
    """
    return RunSQL(
        [
            REFUSE,
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION rexian_append_only()",
        ],
        [f"DROP TRIGGER {table}_append_only ON {table}"],
    )
