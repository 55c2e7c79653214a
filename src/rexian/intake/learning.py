# SPDX-License-Identifier: Apache-2.0
"""Training on the city's own closed orders and the corrections of its dispatchers. A new version goes live only where it proves itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.words import teach
from rexian.intake import readers, versions
from rexian.intake.comparing import LIVE, Row, Verdict, compare, remembering_helps
from rexian.intake.models import LearnedModel, ModelSwitch
from rexian.intake.readers import Reader
from rexian.orders.models import Assignment, Correction, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian_ml.classify import FEWEST_HELD, Classifier, Example
from rexian_ml.route import Handled, Router

FEWEST = FEWEST_HELD
"""Closed orders; of fewer, none could be held back to learn from them how sure to be."""
MOST = 60_000
CORRECTED = 3.0
TESTED = timedelta(days=14)
"""A version is tested on the orders of so many days, which it has not seen."""
LEAST_TESTED, MOST_TESTED = 0.1, 0.3
"""As shares of all: a young hotline has nothing older to learn from, a quiet one little in two weeks."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to: orders learned from, figures on those held back, the version, and whether it went live."""

    version: int
    orders: int
    metrics: dict[str, Any]
    verdict: Verdict

    @property
    def live(self) -> bool:
        return self.verdict in LIVE


def rows() -> list[Row]:
    """The newest orders that people have classified, oldest first; corrected ones weigh more."""
    orders = WorkOrder.objects.filter(category__isnull=False, dispatches__gte=1).order_by("-received_at", "-pk")
    columns = (
        "pk",
        "received_at",
        "text",
        "category__code",
        "kind",
        "urgency",
        "area__code",
        "lead__code",
        "closed_at",
    )
    corrected = set(Correction.objects.values_list("order_id", flat=True))
    return [
        Row(
            at,
            Example(text, category, kind, "urgent" if urgency == "urgent" else "normal", CORRECTED if pk in corrected else 1.0),
            area or "",
            lead or "",
            closed is not None,
        )
        for pk, at, text, category, kind, urgency, area, lead, closed in reversed(orders.values_list(*columns)[:MOST])
    ]  # fmt: skip


def handled(until: datetime) -> list[Handled]:
    """Who kept and who returned before a moment, from the lead assignments."""
    found = Assignment.objects.filter(part=Assignment.Part.LEAD, order__category__isnull=False, since__lt=until)
    columns = ("order__category__code", "order__area__code", "department__code", "returned")
    return [
        Handled(category, area or "", lead, back)
        for category, area, lead, back in found.order_by("-pk").values_list(*columns)[:MOST]
    ]


def cut(known: Sequence[Row], now: datetime) -> datetime:
    """Where what is learned from ends and what is tested on begins: TESTED ago, within LEAST_TESTED and MOST_TESTED of all rows."""
    recent = sum(row.at >= now - TESTED for row in known)
    tested = min(max(recent, int(len(known) * LEAST_TESTED), 1), max(1, int(len(known) * MOST_TESTED)))
    return known[-tested].at


def train(*, by: By) -> Trained:
    """Learns anew from closed orders, asks the new version and the live one about the orders since, keeps it, and puts it live where it is
    better, or not worse and fresher. The version that was tested is the one that goes live: nothing is learned after the test.

    Raises Refusal where there are too few orders.
    """
    versions.may_keep(by)
    teach()
    known = rows()
    until = cut(known, clock.now()) if known else clock.now()
    taught = [row.example for row in known if row.closed and row.at < until]
    if len(taught) < FEWEST:
        raise Refusal(
            _("已办结的工单只有 %(count)s 张，至少要 %(fewest)s 张。") % {"count": len(taught), "fewest": FEWEST}
        )
    classifier, router = Classifier(readers.category_infos()).fit(taught), Router().fit(handled(until))
    new = Reader(classifier.id_, classifier, readers.beside_catalogue(router))
    metrics, verdict = _tested(new, known, until)
    version = versions.keep(
        versions.Learned(new.name, classifier.to_bytes(), router.to_bytes(), len(taught), until, metrics)
    )
    if verdict in LIVE:
        versions.put_live(by=by, version=version, why=ModelSwitch.Why(verdict.value))
    return Trained(version, len(taught), metrics, verdict)


def _tested(new: Reader, known: Sequence[Row], until: datetime) -> tuple[dict[str, Any], Verdict]:
    """The figures of a new version on orders that neither it nor the live one has seen, and what they say."""
    old, row = _old()
    since = max(until, row.until) if row and row.until else until
    unseen = [one for one in known if one.at >= since and one.lead]
    found = compare(new, old, unseen)
    labels = {*old.classifier.labelings_[0].labels} ^ {*new.classifier.labelings_[0].labels}
    fresher = row is None or row.until is None or row.until < until or bool(labels)
    verdict = found.verdict(fresher=fresher)
    told = {"tested": len(unseen), "against": row.version if row else 0, "compared": found.told(), "verdict": verdict}
    remembers = remembering_helps(new.classifier, unseen)
    return told | _figures(new.classifier, unseen) | {"remembers": remembers}, verdict


def _old() -> tuple[Reader, LearnedModel | None]:
    """The live version without what it remembers of corrections, which are the answers to the test; or what is in use before any training."""
    row = LearnedModel.objects.filter(sort=LearnedModel.Sort.CLASSIFIER, live=True).first()
    model = readers.readable(Classifier, row)
    if row is None or model is None:
        return Reader("", readers.untrained(readers.category_infos()), readers.router(), measured=False), None
    return Reader(row.name, model, readers.router()), row


def _figures(model: Classifier, unseen: Sequence[Row]) -> dict[str, Any]:
    """Accuracy of category and kind, and of the category among the surest eight in ten."""
    if not unseen:
        return {"category": None, "category_at_80": None, "kind": None}
    read = model.predict_many([row.example.text for row in unseen])
    right = np.array([one.category.label == row.example.category for one, row in zip(read, unseen, strict=True)])
    sure = np.array([one.category.confidence for one in read])
    best = np.argsort(-sure, kind="stable")[: max(1, int(len(sure) * 0.8))]
    kind = np.mean([one.kind.label == row.example.kind for one, row in zip(read, unseen, strict=True)])
    return {
        "category": round(float(right.mean()), 4),
        "category_at_80": round(float(right[best].mean()), 4),
        "kind": round(float(kind), 4),
    }
