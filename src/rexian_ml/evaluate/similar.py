# SPDX-License-Identifier: Apache-2.0
"""How fast and how surely similar orders are found among a million made-up ones."""

import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from rexian_ml.evaluate.bootstrap import mean_interval
from rexian_ml.evaluate.corpus import Corpus
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.tables import milliseconds, seconds
from rexian_ml.similar import Order, SimilarOrders

ORDERS = 1_000_000
ASKED = 500
START = datetime(2026, 1, 1, tzinfo=UTC)
DROPPED = 0.1
METHOD = (
    f"{ORDERS:,} made-up orders of about 30 words (60,000 words by Zipf's law, 5,000 streets), one a minute, over 20 districts, 300,000 "
    f"citizens. Every {ORDERS // ASKED:,}th is asked for: once as it stands, typed differently (an exact duplicate), once with a tenth of its words taken "
    "out (a near-duplicate). Times are CPU time of one query on one core, reading the text included; memory is the growth of the peak of a process of its own. "
    "That near-duplicates cannot be missed is tested against a comparison with every order in `tests/rexian_ml/test_similar.py`."
)


def _order(key: int, text: str) -> Order:
    place = (118 + key * 37 % 10_000 / 20_000, 32 + key * 91 % 10_000 / 20_000)
    return Order(
        key, text, START + timedelta(minutes=key), f"c{key % 300_000}", f"9901{key % 20:02d}{key % 97:03d}", *place
    )


def _orders(kept: list[Order]) -> Iterator[Order]:
    """All orders; those that will be asked for are put into `kept` on the way."""
    for key, text in enumerate(Corpus().texts(ORDERS)):
        order = _order(key, text)
        if key % (ORDERS // ASKED) == 0:
            kept.append(order)
        yield order


def _peak() -> float:
    """The process's greatest memory so far, in MB; from Linux's own count, because getrusage gives a new process its parent's peak."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    told = next((float(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss if told is None else told) / 1e6


def _thinned(text: str, draw: np.random.Generator) -> str:
    return " ".join(word for word in text.split() if draw.random() > DROPPED)


def measure(data: Path) -> Section | None:
    """Needs no data of others; `data` is not read. In a process of its own, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured).result()


def _measured() -> Section:
    kept: list[Order] = []
    before = _peak()
    index = SimilarOrders()
    built = seconds(lambda: index.fit(_orders(kept)), repeats=1)
    memory = _peak() - before
    draw = np.random.default_rng(0)
    same = [Order(-1, f" {one.text.upper()}！", one.at, "", one.area, one.longitude, one.latitude) for one in kept]
    thin = [Order(-1, _thinned(one.text, draw), one.at, "", one.area, one.longitude, one.latitude) for one in kept]
    index.query(same[0])
    spent = milliseconds([partial(index.query, one) for one in (*same, *thin)])
    exact = np.array([index.query(asked)[0].key == one.key for asked, one in zip(same, kept, strict=True)])
    near = np.array(
        [one.key in {match.key for match in index.query(asked)} for asked, one in zip(thin, kept, strict=True)]
    )
    batch = [_order(ORDERS + key, text) for key, text in enumerate(Corpus().texts(1000, seed=1))]
    added = seconds(lambda: index.add(batch), repeats=1)
    figures = (
        Figure("query, median", float(np.median(spent)), n=len(spent), unit="ms", aim="≤ 10"),
        Figure("query, 99th percentile", float(np.quantile(spent, 0.99)), n=len(spent), unit="ms", aim="≤ 10"),
        Figure("exact duplicates found first", float(exact.mean()), *mean_interval(exact), len(exact), aim="≥ 1"),
        Figure("near-duplicates found", float(near.mean()), *mean_interval(near), len(near), aim="≥ 0.99"),
        Figure("memory", memory, n=ORDERS, unit="MB", aim="< 1500"),
        Figure("building", built, n=ORDERS, unit="s", note="with making the texts up"),
        Figure("adding a thousand orders", added, n=1000, unit="s"),
    )
    values = [{"milliseconds": float(value)} for value in np.sort(spent)]
    chart = {
        "title": "Time of a query",
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            "x": {"field": "milliseconds", "type": "quantitative", "bin": {"maxbins": 40}},
            "y": {"aggregate": "count", "type": "quantitative"},
        },
    }
    return Section("similar", "similar orders among a million", "made up", METHOD, figures, {"times": chart})
