# SPDX-License-Identifier: Apache-2.0
"""Orders like a text: the same trouble, told in other words perhaps. Rare words count, common phrases hardly; the very same text is always found.

How common a word is stands in PostgreSQL's own statistics of the search column (pg_stats.most_common_elems, renewed by ANALYZE), so nothing is
kept beside it. Candidates are orders that share two of the text's rarest words, found in the index without reading an order: as many pairs as
their expected number allows, since in a city of a million orders nearly every word brings thousands; of the last two weeks first, and of the weeks
before only where those are few: the index knows each order's week, since to read thousands of old orders was what it cost. Beside them the newest of
the text's own area.
The score is the share of the text's weight (inverse document frequency, Sparck Jones 1972) that stands in the order too, less for other areas and
older orders, by the factors of rexian_ml.similar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from math import log1p
from typing import Any

from django.db import connection
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from rexian.directory import clock
from rexian.directory.models import Area
from rexian.directory.queries import kept
from rexian.directory.words import teach
from rexian.orders.access import visible
from rexian.orders.models import WorkOrder
from rexian.orders.models.order import Week
from rexian.orders.queries import listed
from rexian.security.identity import By
from rexian_ml.text import content_words, fingerprint

RECENT = timedelta(days=90)
RAREST, WEIGHED = 5, 10
"""Words that give candidates, and words by which they are weighed."""
EXPECTED, POOL, NEARBY = 300, 120, 60
"""Orders that the pairs may be expected to bring, how many of the newest of these are weighed, and how many of the newest of the same area."""
NEWEST = 2
"""Weeks, the present one among them, whose orders are asked for first; the older ones only where these do not fill half of the pool."""
CAP = 600
"""Orders that are read for the pairs at the most, however many there are: in the flood of one trouble any of them will do."""
TOGETHER = 10.0
"""How many times more often two words stand together than if they had nothing to do with each other: a guess on the safe side."""
LEAST = 0.25
"""Orders that share less of a text's weight than this are not called similar."""
HIDDEN = 10
"""How many times as many are weighed for those who do not see every order."""
FADE = 30.0
"""Days in which the part of the score that time can take away falls to a third."""
FREQUENCIES = """
SELECT s.most_common_elems::text::text[], s.most_common_elem_freqs, greatest(c.reltuples, 1)
FROM pg_stats s JOIN pg_class c ON c.oid = 'orders_workorder'::regclass
WHERE s.schemaname = current_schema() AND s.tablename = 'orders_workorder' AND s.attname = 'search'
"""
WEIGH = """
WITH newest AS MATERIALIZED (
    SELECT id FROM (
        SELECT id, received_at FROM orders_workorder
        WHERE search @@ %(pairs)s::tsquery AND {week} && %(newest)s::int[] AND {recent} LIMIT %(cap)s
    ) lately ORDER BY received_at DESC LIMIT %(pool)s
), pool AS (
    (SELECT id FROM orders_workorder WHERE fingerprint = %(print)s AND {recent} LIMIT %(most)s)
    UNION
    SELECT id FROM newest
    UNION
    (SELECT id FROM (
        SELECT id, received_at FROM orders_workorder
        WHERE search @@ %(pairs)s::tsquery AND {week} && %(older)s::int[] AND {recent} LIMIT %(cap)s
    ) before ORDER BY received_at DESC -- nothing is read where the newest weeks filled half of the pool
     LIMIT (SELECT CASE WHEN count(*) < %(pool)s / 2 THEN %(pool)s - count(*) ELSE 0 END FROM newest))
    UNION
    (SELECT id FROM orders_workorder WHERE area_id = %(area)s AND {recent} ORDER BY received_at DESC LIMIT %(nearby)s)
), weighed AS MATERIALIZED (
    SELECT o.id, o.received_at, coalesce(a.stem, '') AS stem, o.fingerprint = %(print)s AS same, {shared} AS shared
    FROM pool JOIN orders_workorder o USING (id) LEFT JOIN directory_area a ON a.id = o.area_id
    CROSS JOIN LATERAL (SELECT o.search || ''::tsvector AS search OFFSET 0) here -- fetched from beside the row once, not for each word
)
SELECT id FROM weighed WHERE (same OR shared >= %(least)s) AND id <> %(exclude)s
ORDER BY same DESC,
    (CASE WHEN same THEN 1 ELSE shared END) * (0.5 + 0.5 * exp(-extract(epoch FROM %(now)s - received_at)::float8 / 86400 / %(fade)s))
    * CASE WHEN %(stem)s = '' OR stem = '' THEN 0.75 WHEN stem = %(stem)s THEN 1
           WHEN left(stem, 6) = left(%(stem)s, 6) THEN 0.83 WHEN left(stem, 4) = left(%(stem)s, 4) THEN 0.72 ELSE 0.5 END DESC, id DESC
LIMIT %(most)s
"""
WEEK = Week.template % {"expressions": "day"}
"""As the index order_search has it, so that the weeks are chosen before an order is read."""
RECENTLY = "received_at BETWEEN %(since)s AND %(now)s AND parent_id IS NULL"


@dataclass(frozen=True, slots=True)
class Words:
    """In what share of the orders each common word stands; `rest` is the share of a word that is none of these; `orders` how many there are."""

    shares: dict[str, float]
    rest: float
    orders: float

    def share(self, word: str) -> float:
        return self.shares.get(word, self.rest)

    def weight(self, word: str) -> float:
        return log1p(1 / self.share(word))


def words_in_use() -> Words:
    """The statistics as they stand; of a database that has none yet every word counts alike."""
    with connection.cursor() as cursor:
        cursor.execute(FREQUENCIES)
        row = cursor.fetchone()
    if row is None or not row[0]:
        return Words({}, 0.01, 1.0)
    names, shares, orders = row
    told = dict(zip(names, shares, strict=False))  # behind the shares stand their least and largest
    return Words(told, min(told.values()) / 2, orders)


def week_of(day: date) -> int:
    """The number of a day's week, as WEEK counts them."""
    return (day - Week.first).days // 7


def similar(
    text: str,
    *,
    by: By,
    area: Area | None = None,
    exclude: int | None = None,
    most: int = 5,
    now: datetime | None = None,
) -> list[WorkOrder]:
    """Orders of the last 90 days like a text that `by` may see, the same text first, then by score; merged ones show through their parent."""
    teach()
    now, words = now or clock.now(), kept("orders.words", words_in_use)
    rarest = sorted(dict.fromkeys(content_words(text)), key=lambda word: (words.share(word), word))[:WEIGHED]
    if not rarest:
        return []
    whole = sum(map(words.weight, rarest)) or 1.0
    terms = {f"word{place}": _quoted(word) for place, word in enumerate(rarest)}
    told: dict[str, Any] = terms | {f"weight{place}": words.weight(word) / whole for place, word in enumerate(rarest)}
    shared = " + ".join(
        f"CASE WHEN here.search @@ %(word{place})s::tsquery THEN %(weight{place})s::float8 ELSE 0 END"
        for place in range(len(rarest))
    )
    last = week_of(clock.day_of(now))
    told |= {
        "newest": list(range(last - NEWEST + 1, last + 1)),
        "older": list(range(week_of(clock.day_of(now - RECENT)), last - NEWEST + 1)),
        "print": fingerprint(text), "pairs": _pairs(rarest[:RAREST], words), "area": area and area.pk, "stem": area.stem if area else "",
        "since": now - RECENT, "now": now, "pool": POOL, "cap": CAP, "nearby": NEARBY, "least": LEAST, "fade": FADE, "exclude": exclude or 0,
        "most": most if by.departments is None and by.areas is None else most * HIDDEN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WEIGH.format(recent=RECENTLY, week=WEEK, shared=shared), told)
        best = [row[0] for row in cursor.fetchall()]
    return _orders(best, by)[:most]


def _orders(best: list[int], by: By) -> list[WorkOrder]:
    """Those orders of these keys that `by` may see, as a list shows them, in this order, each with how many were merged into it."""
    merged = WorkOrder.objects.filter(parent=OuterRef("pk")).order_by().values("parent").annotate(n=Count("pk"))
    found = listed(visible(by).filter(pk__in=best), "area", "category")
    told = found.annotate(repeats_count=Coalesce(Subquery(merged.values("n")), 0))
    return sorted(told, key=lambda order: best.index(order.pk))


def _quoted(word: str) -> str:
    """A word in the written form of a tsquery."""
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _pairs(rarest: Sequence[str], words: Words) -> str:
    """A tsquery for pairs of rare words, those first that bring the fewest orders, as long as all together may bring EXPECTED; the one word by
    itself where a text has no other."""

    def expected(pair: tuple[str, ...]) -> float:
        one, other = map(words.share, pair)
        return words.orders * max(one, other) * min(1.0, TOGETHER * min(one, other))

    asked, left = list[str](), float(EXPECTED)
    for pair in sorted(combinations(rarest, 2), key=expected):
        left -= expected(pair)
        if asked and left < 0:
            break
        asked.append(" & ".join(map(_quoted, pair)))
    return " | ".join(asked) or _quoted(rarest[0])
