# SPDX-License-Identifier: Apache-2.0
"""What the worker does for intake."""

import logging

from procrastinate.contrib.django import app

from rexian.intake import accuracy, actions, learning, renewing
from rexian.security.errors import Refusal
from rexian.security.identity import SYSTEM

log = logging.getLogger(__name__)


@app.periodic(cron="23 19 * * *")
@app.task(queueing_lock="intake.discard_old")
def discard_old(timestamp: int) -> None:
    actions.discard_old()


@app.task(queueing_lock="intake.train")
def train() -> None:
    """Learns anew from the city's orders; a Refusal, too few orders, is kept as the job's failure."""
    learning.train(by=SYSTEM)


@app.periodic(cron="37 18 * * 6")  # Sunday, 2:37 in China
@app.task(queueing_lock="intake.retrain")
def retrain(timestamp: int) -> None:
    """The weekly training; a hotline too young for it is no failure."""
    try:
        learning.train(by=SYSTEM)
    except Refusal as refused:
        log.info("no training this week: %s", refused.message)


@app.task(queueing_lock="intake.renew")
def renew() -> None:
    renewing.renew(by=SYSTEM)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="intake.judge")
def judge(timestamp: int) -> None:
    accuracy.judge()
