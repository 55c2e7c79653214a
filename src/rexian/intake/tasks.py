# SPDX-License-Identifier: Apache-2.0
"""What the worker does for intake."""

from procrastinate.contrib.django import app

from rexian.intake import actions, learning
from rexian.security.identity import SYSTEM


@app.periodic(cron="23 19 * * *")
@app.task(queueing_lock="intake.discard_old")
def discard_old(timestamp: int) -> None:
    actions.discard_old()


@app.task(queueing_lock="intake.train")
def train() -> None:
    """Learns anew from the city's orders; a Refusal, too few orders, is kept as the job's failure."""
    learning.train(by=SYSTEM)
