# SPDX-License-Identifier: Apache-2.0
"""What the worker does for orders."""

from procrastinate.contrib.django import app

from rexian.orders import chain, clock, clocks


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="orders.clocks", pass_context=False)
def run_clocks(timestamp: int) -> None:
    with clock.at(clock.of_database()):
        clocks.run_due(clock.now())


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="orders.seal")
def seal_hours(timestamp: int) -> None:
    chain.seal_due(clock.of_database())
