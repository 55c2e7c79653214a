# SPDX-License-Identifier: Apache-2.0
"""What the worker does for warning."""

from procrastinate.contrib.django import app

from rexian.directory import clock
from rexian.warning import actions


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="warning.trends")
def watch_trends(timestamp: int) -> None:
    actions.watch_trends(clock.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="warning.matters")
def watch_matters(timestamp: int) -> None:
    actions.watch_matters()
