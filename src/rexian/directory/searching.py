# SPDX-License-Identifier: Apache-2.0
"""Full-text search over words that rexian_ml has cut: what is indexed, and what is asked for. Pure."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery
from django.db.models import Value

LAST_PLACE = 16_383
"""PostgreSQL's last position in a tsvector."""


def vector(tokens: Iterable[str], weight: str = "", start: int = 0) -> str:
    """A tsvector in its written form, the tokens at places `start` + 1 and on; `weight` is A to D, or D by default."""
    told = "\0".join(tokens)  # quoted all at once: no word holds a NUL
    if not told:
        return ""
    places = enumerate(told.replace("\\", "\\\\").replace("'", "''").split("\0"), start + 1)
    return " ".join([f"'{token}':{place if place < LAST_PLACE else LAST_PLACE}{weight}" for place, token in places])


def any_of(tokens: Iterable[str]) -> SearchQuery | None:
    """A query that matches any of the words."""
    query: SearchQuery | None = None
    for token in dict.fromkeys(tokens):
        one = SearchQuery(Value(token), config="simple", search_type="plain")
        query = one if query is None else query | one
    return query


def all_of(tokens: Iterable[str]) -> SearchQuery | None:
    """A query that matches all of the words."""
    query: SearchQuery | None = None
    for token in dict.fromkeys(tokens):
        one = SearchQuery(Value(token), config="simple", search_type="plain")
        query = one if query is None else query & one
    return query
