# SPDX-License-Identifier: Apache-2.0
"""What the machines propose for a request, as the desk, the queue and every intake use it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import kept
from rexian.directory.words import teach
from rexian.intake import readers
from rexian.intake.readers import Reader
from rexian_ml.classify import Guess
from rexian_ml.classify import Proposal as Read
from rexian_ml.route import Risk, Route
from rexian_ml.text import fingerprint, index_words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for one text. `record` is what the order keeps of it, in JSON types:
    `{"model", "category" | "kind" | "urgency" | "department": {"label", "confidence", "reason", …}}`; a confidence is None where nobody
    has measured it yet."""

    kind: str
    urgency: str
    danger: str
    record: dict[str, Any]
    tokens: list[str]
    fingerprint: bytes


def propose(text: str, area: Area | None = None, category: Category | None = None) -> Proposal:
    """Category, kind, urgency and department for a text; a category that a person chose is taken as certain."""
    return propose_many([(text, area, category)])[0]


def propose_many(asked: Sequence[tuple[str, Area | None, Category | None]]) -> list[Proposal]:
    """What `propose` gives for each, many texts at a time."""
    teach()
    reader = readers.live()
    told = [(text, area.code if area else "", category.code if category else "") for text, area, category in asked]
    read = reader.read(told)
    return [_proposed(reader, text, *one) for (text, _area, _category), one in zip(told, read, strict=True)]


def _proposed(reader: Reader, text: str, read: Read, routes: list[Route]) -> Proposal:
    sure = reader.measured
    record: dict[str, Any] = {
        "model": reader.name,
        "category": _told(read.category, sure, names().get(read.category.label, "")),
        "kind": _told(read.kind, sure),
        "urgency": _told(read.urgency, sure),
        "others": [_told(one, sure, names().get(one.label, "")) for one in read.others],
    }
    if routes:
        record["department"] = _routed(routes[0], sure)
        record["other_departments"] = [_routed(route, sure) for route in routes[1:]]
    return Proposal(
        kind=read.kind.label,
        urgency="urgent" if read.urgency.label == "urgent" else "normal",
        danger=read.danger.kind if read.danger else "",
        record=record | _danger(read),
        tokens=index_words(text),
        fingerprint=fingerprint(text),
    )


def founded_category(proposal: Proposal) -> Category | None:
    """The proposed category where words of the text speak for it; None where it is only the likeliest of all."""
    told = proposal.record["category"]
    return Category.objects.filter(code=told["label"]).first() if told["reason"] else None


def _told(guess: Guess, sure: bool, name: str = "") -> dict[str, Any]:
    words = "、".join(f"“{word}”" for word in guess.words)
    confidence = round(guess.confidence, 4) if sure else None
    return {"label": guess.label, "name": name, "confidence": confidence, "reason": words}


def _danger(read: Read) -> dict[str, Any]:
    if read.danger is None:
        return {}
    return {"danger": {"kind": read.danger.kind, "word": read.danger.word, "hotline": read.danger.hotline}}


def _routed(route: Route, sure: bool) -> dict[str, Any]:
    reasons = []
    if route.line:
        reasons.append(_("派单目录第 %(line)s 条") % {"line": route.line})
    if route.seen:
        back = route.seen - route.kept
        reasons.append(_("近期同类 %(seen)s 单，退回 %(back)s 单") % {"seen": route.seen, "back": back})
    return {
        "label": route.department,
        "name": department_names().get(route.department, ""),
        "confidence": round(route.confidence, 4) if sure else None,
        "reason": "；".join(reasons),
        "line": route.line or None,
        "assisting": list(route.assisting),
        "risk": round(route.risk.value, 4),
        "risk_reason": _risk_reason(route.risk),
    }


def _risk_reason(risk: Risk) -> str:
    """Of which orders the risk was learned, and who would have it next; "" before any order of its like."""
    if not risk.seen:
        return ""
    likes = (_("各单位"), _("这个单位"), _("这个单位这一大类"), _("这个单位这一分类"))
    like = likes[len(risk.like)] if len(risk.like) < len(likes) else _("这个单位这一分类在本区域")
    told = _("%(like)s %(seen)s 单退回 %(returned)s 单") % {
        "like": like,
        "seen": risk.seen,
        "returned": risk.returned,
    }
    if risk.then:
        told += _("；退回后可改派%(name)s") % {"name": department_names().get(risk.then, risk.then)}
    return told


def names() -> dict[str, str]:
    """Full names of categories by code."""
    return kept("category names", lambda: dict(Category.objects.values_list("code", "full_name")))


def department_names() -> dict[str, str]:
    return kept("department names", lambda: dict(Department.objects.values_list("code", "name")))
