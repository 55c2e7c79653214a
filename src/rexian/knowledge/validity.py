# SPDX-License-Identifier: Apache-2.0
"""The end of validity: reminders before it, and articles taken from readers after it.

By the present day and not by the day it last ran: whatever time the worker was down, each article is reminded of once for each span and ended once.
"""

from datetime import date, timedelta

from rexian.knowledge import actions
from rexian.knowledge.models import Article
from rexian.knowledge.workflow import REMINDERS
from rexian.security.errors import Forbidden
from rexian.security.identity import SYSTEM


def days_left(article: Article, today: date) -> int | None:
    """Whole days after `today` on which the live version still holds; None where it has no end."""
    return None if article.expires is None else (article.expires - today).days


def reminder_due(article: Article, today: date) -> int | None:
    """The shortest span of REMINDERS that has begun, if it was not told yet."""
    left = days_left(article, today)
    begun = [days for days in REMINDERS if left is not None and 0 <= left <= days]
    shortest = min(begun, default=None)
    return None if shortest is None or (article.reminded or max(REMINDERS) + 1) <= shortest else shortest


def run_due(today: date) -> int:
    """Reminds and ends what is due; returns how many articles. One that someone moved meanwhile is left to the next run."""
    done = 0
    for article in Article.objects.filter(expires__lte=today + timedelta(days=max(REMINDERS))).order_by(
        "expires", "id"
    ):
        try:
            done += _run(article, today)
        except Forbidden:
            continue
    return done


def _run(article: Article, today: date) -> bool:
    if article.expires is not None and article.expires < today:
        return actions.expire(article=article, by=SYSTEM).expires is None
    days = reminder_due(article, today)
    return days is not None and actions.remind(article=article, by=SYSTEM, days=days).reminded == days
