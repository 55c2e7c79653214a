# SPDX-License-Identifier: Apache-2.0
"""The staffing formulas against the line simulated call by call."""

from pathlib import Path

import numpy as np

from rexian_ml.evaluate.queueing import simulate
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.staffing import WITHIN, Demand, fewest, service

CALLS, RUNS = 20_000, 6
CASES = [
    (Demand(calls, 240, 3600, patience), 1 + extra)
    for calls in (30, 150, 600)
    for patience, extra in ((None, 0.15), (30.0, -0.1), (120.0, 0.0), (300.0, 0.1))
]
"""A load, and how many agents above it (as a share) there are."""


def measure(data: Path | None = None) -> Section:
    """Needs no data: largest differences over 12 lines of 2 to 40 erlangs, each simulated 6 times; `low` and `high` are those of the runs' means."""
    gaps = np.array([_gaps(demand, share) for demand, share in CASES])
    names = ("answered within 15 s", "delayed", "abandoned", "occupancy")
    figures = tuple(
        Figure(
            f"largest difference: {name}", float(gaps[:, place].max()), n=CALLS * RUNS, unit="share", aim="below 0.02"
        )
        for place, name in enumerate(names)
    )
    saved = [fewest(Demand(calls, 240)) - fewest(Demand(calls, 240, 3600, 120)) for calls in (30, 150, 600)]
    told = Figure(
        "agents that patience of 120 s saves at 600 calls an hour", float(saved[-1]), unit="agents", note="80 % in 15 s"
    )
    return Section(
        "staffing",
        "Erlang C and Erlang A against a simulated line",
        "own simulation, seeded",
        f"{len(CASES)} lines with and without patience, {RUNS} runs of {CALLS} calls each, first tenth not counted",
        (*figures, told),
    )


def _gaps(demand: Demand, share: float) -> list[float]:
    agents = int(np.ceil(demand.erlangs * share)) + (demand.patience is None)
    said = service(demand, agents)
    runs = [simulate(demand, agents, within=WITHIN, calls=CALLS, seed=seed) for seed in range(RUNS)]
    return [
        abs(getattr(said, name) - float(np.mean([getattr(run, name) for run in runs])))
        for name in ("answered", "delayed", "abandoned", "occupancy")
    ]
