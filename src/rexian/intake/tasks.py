# SPDX-License-Identifier: Apache-2.0
"""What the worker does for intake."""

from procrastinate.contrib.django import app

from rexian.intake import actions


@app.periodic(cron="23 19 * * *")
@app.task(queueing_lock="intake.discard_old")
def discard_old(timestamp: int) -> None:
    actions.discard_old()
