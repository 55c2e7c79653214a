# SPDX-License-Identifier: Apache-2.0
"""Versions of the models: kept, put live, taken back. Which one was live when stands in ModelSwitch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.queries import forget as forget_directory
from rexian.intake import readers
from rexian.intake.models import LearnedModel, ModelSwitch
from rexian.jobs.actions import ask_once
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.posts import Outsider, Post

KEEPERS = frozenset({Post.ADMINISTRATOR, Post.STEWARD, Outsider.SYSTEM})
"""Who puts versions live; the system is the operator at a shell, and the weekly training."""
BYTES_KEPT = 6
"""Versions that can be put live again: a city's classifier is some tens of megabytes."""
RENEW = "rexian.intake.tasks.renew"
"""The task that proposes anew for orders that wait."""
Sort = LearnedModel.Sort


def may_keep(by: By) -> None:
    """Raises Forbidden for those who do not decide about models."""
    if by.role not in KEEPERS:
        raise Forbidden(_("模型由管理员和数据管理员启用。"))


@dataclass(frozen=True, slots=True)
class Learned:
    """A trained pair, not yet kept: `orders` learned from, none received after `until`."""

    name: str
    classifier: bytes
    router: bytes
    orders: int
    until: datetime
    metrics: dict[str, Any]


@transaction.atomic
def keep(learned: Learned) -> int:
    """Keeps a trained pair as the next version, not live; lets go of the bytes of the oldest. Returns its number."""
    newest = LearnedModel.objects.select_for_update().order_by("-version").values_list("version", flat=True).first()
    version = (newest or 0) + 1
    for sort, content in ((Sort.CLASSIFIER, learned.classifier), (Sort.ROUTER, learned.router)):
        LearnedModel.objects.create(
            version=version, sort=sort, name=learned.name, trained_at=clock.now(), until=learned.until,
            orders=learned.orders, metrics=learned.metrics, content=content,
        )  # fmt: skip
    _let_go()
    return version


def _let_go() -> None:
    """Empties the bytes of all but the live version, the one before it and the newest BYTES_KEPT."""
    newest = LearnedModel.objects.order_by("-version").values_list("version", flat=True).distinct()[:BYTES_KEPT]
    needed = {*newest, *ModelSwitch.objects.order_by("-at", "-pk").values_list("version", flat=True)[:2]}
    LearnedModel.objects.filter(live=False).exclude(version__in=needed).exclude(content=b"").update(content=b"")


@transaction.atomic
def put_live(*, by: By, version: int, why: str = ModelSwitch.Why.CHOSEN, reason: str = "") -> None:
    """Puts a version live; every process uses it within seconds, and what waits is proposed anew.

    Raises Refusal for a version that is live already or whose bytes were let go, and where a person gives no reason.
    """
    may_keep(by)
    if why == ModelSwitch.Why.CHOSEN and len(reason.strip()) < 2:
        raise Refusal(_("请写明理由。"), field="reason")
    rows = list(LearnedModel.objects.select_for_update().filter(version=version).defer("content").order_by("sort"))
    if not rows or LearnedModel.objects.filter(version=version, content=b"").exists():
        raise Refusal(_("没有第 %(version)s 版，或者它已不再保留。") % {"version": version}, field="version")
    if all(row.live for row in rows):
        raise Refusal(_("第 %(version)s 版正在用。") % {"version": version}, field="version")
    LearnedModel.objects.filter(live=True).update(live=False)
    LearnedModel.objects.filter(version=version).update(live=True)
    ModelSwitch.objects.create(version=version, at=clock.now(), by_id=by.user_id, why=why, reason=reason.strip()[:200])
    forget_directory()
    readers.forget()
    ask_once(task=RENEW, lock="intake.renew")


def before() -> int:
    """The version that was live before the live one; raises Refusal where there is none."""
    live = LearnedModel.objects.filter(live=True).aggregate(version=Max("version"))["version"]
    past = ModelSwitch.objects.exclude(version=live).order_by("-at", "-pk").values_list("version", flat=True).first()
    if past is None:
        raise Refusal(_("没有更早的版本可以换回。"))
    return past
