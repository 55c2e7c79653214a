# SPDX-License-Identifier: Apache-2.0
"""Training on the city's own closed orders and the corrections of its dispatchers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.queries import forget as forget_directory
from rexian.intake import proposals
from rexian.intake.models import LearnedModel
from rexian.orders.models import Assignment, Correction, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian_ml.classify import Classifier, Example
from rexian_ml.route import Handled, Router

FEWEST = 200
MOST = 60_000
CORRECTED = 3.0
TESTED = 0.1


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to: orders learned from, and how well the newest tenth, held back, was told."""

    orders: int
    metrics: dict[str, Any]


def examples(until: datetime | None = None) -> list[Example]:
    """The newest orders that people have classified, oldest first; corrected ones weigh more."""
    orders = WorkOrder.objects.filter(category__isnull=False, dispatches__gte=1)
    if until is not None:
        orders = orders.filter(received_at__lt=until)
    corrected = set(Correction.objects.values_list("order_id", flat=True))
    rows = orders.order_by("-received_at").values_list("pk", "text", "category__code", "kind", "urgency")[:MOST]
    return [
        Example(
            text, category, kind, "urgent" if urgency == "urgent" else "normal", CORRECTED if pk in corrected else 1.0
        )
        for pk, text, category, kind, urgency in reversed(rows)
    ]


def handled() -> list[Handled]:
    """Who kept and who returned, from the lead assignments."""
    rows = Assignment.objects.filter(part=Assignment.Part.LEAD, order__category__isnull=False).order_by("-pk")
    columns = ("order__category__code", "order__area__code", "department__code", "returned")
    return [
        Handled(category, area or "", lead, back) for category, area, lead, back in rows.values_list(*columns)[:MOST]
    ]


def train(*, by: By) -> Trained:
    """Learns anew from the city's orders, measures on the newest tenth, and puts the new models live."""
    rows = examples()
    if len(rows) < FEWEST:
        raise Refusal(
            _("已分类的工单只有 %(count)s 张，至少要 %(fewest)s 张。") % {"count": len(rows), "fewest": FEWEST}
        )
    infos = proposals.category_infos()
    metrics = _measure(infos, rows)
    classifier = Classifier(infos).fit(rows)
    router = Router().fit(handled())
    _put_live(LearnedModel.Sort.CLASSIFIER, classifier.id_, classifier.to_bytes(), len(rows), metrics)
    _put_live(LearnedModel.Sort.ROUTER, classifier.id_, router.to_bytes(), len(rows), {})
    forget_directory()
    proposals.forget()
    return Trained(len(rows), metrics)


def _measure(infos: list[Any], rows: list[Example]) -> dict[str, Any]:
    """Accuracy on the newest tenth of a model that has seen the rest only."""
    cut = int(len(rows) * (1 - TESTED))
    model = Classifier(infos).fit(rows[:cut])
    read = model.predict_many([row.text for row in rows[cut:]])
    right = np.array([one.category.label == row.category for one, row in zip(read, rows[cut:], strict=True)])
    sure = np.array([one.category.confidence for one in read])
    best = np.argsort(-sure)[: int(len(sure) * 0.8)]
    kind = np.mean([one.kind.label == row.kind for one, row in zip(read, rows[cut:], strict=True)])
    return {
        "tested": len(read),
        "category": round(float(right.mean()), 4),
        "category_at_80": round(float(right[best].mean()), 4),
        "kind": round(float(kind), 4),
    }


@transaction.atomic
def _put_live(sort: str, name: str, content: bytes, orders: int, metrics: dict[str, Any]) -> None:
    LearnedModel.objects.filter(sort=sort, live=True).update(live=False)
    LearnedModel.objects.create(
        sort=sort, name=name, trained_at=clock.now(), orders=orders, metrics=metrics, content=content, live=True
    )
