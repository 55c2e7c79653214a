# SPDX-License-Identifier: Apache-2.0
"""What the worker does for orders."""

from procrastinate.contrib.django import app

from rexian.orders import actions, chain, clock, clocks


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="orders.clocks", pass_context=False)
def run_clocks(timestamp: int) -> None:
    with clock.at(clock.of_database()):
        clocks.run_due(clock.now())


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="orders.seal")
def seal_hours(timestamp: int) -> None:
    chain.seal_due(clock.of_database())


@app.task(queue="exports")
def write_export(pk: int) -> None:
    actions.write_export(pk=pk)


@app.periodic(cron="41 19 * * *")
@app.task(queueing_lock="orders.discard_exports")
def discard_exports(timestamp: int) -> None:
    actions.discard_exports()
