# SPDX-License-Identifier: Apache-2.0
"""What the worker does for warning."""

from procrastinate.contrib.django import app

from rexian.directory import clock
from rexian.warning import actions, hot


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="warning.trends")
def watch_trends(timestamp: int) -> None:
    actions.watch_trends(clock.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="warning.matters")
def watch_matters(timestamp: int) -> None:
    actions.watch_matters()


@app.periodic(cron="*/20 * * * *")
@app.task(queueing_lock="warning.hot")
def look_for_hot_issues(timestamp: int) -> None:
    hot.look(clock.now())
