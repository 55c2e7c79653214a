# SPDX-License-Identifier: Apache-2.0
"""What the worker does for the knowledge base."""

from procrastinate.contrib.django import app

from rexian.directory import clock
from rexian.knowledge import validity


@app.periodic(cron="11 0,6,12,18 * * *")
@app.task(queueing_lock="knowledge.validity")
def run_validity(timestamp: int) -> None:
    validity.run_due(clock.today())
