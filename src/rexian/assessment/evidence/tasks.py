# SPDX-License-Identifier: Apache-2.0
"""What the worker does for live evidence."""

from procrastinate.contrib.django import app

from rexian.assessment.evidence import actions
from rexian.security.identity import SYSTEM


@app.periodic(cron="17 19 * * *")  # procrastinate counts in UTC: 3:17 in China, when the hotline is quiet
@app.task(queueing_lock="evidence.measure_monthly")
def measure_monthly(timestamp: int) -> None:
    """Asks every night, so that a month is measured in its first night, or in the first one in which a worker lived."""
    actions.measure_monthly()


@app.task(queueing_lock="evidence.measure")
def measure() -> None:
    """Measures now."""
    actions.measure(by=SYSTEM)
