# SPDX-License-Identifier: Apache-2.0
"""What the worker does for notices."""

from procrastinate.contrib.django import app

from rexian.notices import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="notices.catch_up")
def catch_up(timestamp: int) -> None:
    actions.catch_up()


@app.periodic(cron="47 19 * * *")
@app.task(queueing_lock="notices.forget_old")
def forget_old(timestamp: int) -> None:
    actions.forget_old()
