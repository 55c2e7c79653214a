# SPDX-License-Identifier: Apache-2.0
"""A hotline's line call by call, to hold the formulas of `staffing` against: they share no line of code."""

from heapq import heapreplace

import numpy as np

from rexian_ml.staffing import Demand, Service


def simulate(demand: Demand, agents: int, *, within: float, calls: int, seed: int) -> Service:
    """`calls` calls (the first tenth not counted) through `agents`, first come first served.

    A caller's offered wait is the time until the first agent is free; whoever has less patience than that takes no agent.
    """
    random = np.random.default_rng(seed)
    times = np.cumsum(random.exponential(demand.interval / demand.calls, calls))
    handles = random.exponential(demand.handle, calls)
    patience = random.exponential(demand.patience, calls) if demand.patience else np.full(calls, np.inf)
    free, offered = [0.0] * agents, np.zeros(calls)
    for call, now in enumerate(times.tolist()):
        wait = max(0.0, free[0] - now)
        offered[call] = wait
        if wait <= patience[call]:
            heapreplace(free, now + wait + float(handles[call]))
    seen = slice(calls // 10, None)
    offered, patience = offered[seen], patience[seen]
    served = offered <= patience
    busy = handles[seen][served].sum() / (times[-1] - times[calls // 10]) / agents
    return Service(
        agents,
        float((served & (offered <= within)).mean()),
        float((offered > 0).mean()),
        float(1 - served.mean()),
        float(np.minimum(offered, patience).mean()),
        float(busy),
    )
