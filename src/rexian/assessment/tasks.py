# SPDX-License-Identifier: Apache-2.0
"""What the worker does for surveys."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from rexian.assessment import actions
from rexian.directory import clock


@app.periodic(cron="23 1 * * *")  # procrastinate counts in UTC: 9:23 in China
@app.task(queueing_lock="assessment.remind")
def remind(timestamp: int) -> None:
    actions.remind_due(clock.now())


@app.task(retry=RetryStrategy(max_attempts=6, exponential_wait=60))
def deliver(pk: int) -> None:
    actions.deliver(pk=pk)


@app.task(queue="exports")
def write_report(pk: int) -> None:
    actions.write_report(pk=pk)


@app.periodic(cron="47 19 * * *")
@app.task(queueing_lock="assessment.discard_reports")
def discard_reports(timestamp: int) -> None:
    actions.discard_reports()
