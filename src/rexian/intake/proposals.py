# SPDX-License-Identifier: Apache-2.0
"""What the machines propose for a request, as the desk, the queue and every intake use it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import kept, lines_on
from rexian.intake.models import LearnedModel
from rexian.orders import clock
from rexian_ml.base import Estimator
from rexian_ml.classify import CategoryInfo, Classifier, Guess
from rexian_ml.classify import Proposal as Read
from rexian_ml.route import CatalogueLine, Route, Router
from rexian_ml.text import fingerprint, index_words

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Estimator)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal for one text. `record` is what the order keeps of it, in JSON types:
    `{"model", "category" | "kind" | "urgency" | "department": {"label", "confidence", "reason", …}}`."""

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
    reader = classifier()
    reads = reader.predict_many([text for text, _, _ in asked])
    return [_proposed(reader.id_, read, *one) for read, one in zip(reads, asked, strict=True)]


def _proposed(model: str, read: Read, text: str, area: Area | None, category: Category | None) -> Proposal:
    chosen = Guess(category.code, 1.0) if category else read.category
    record: dict[str, Any] = {
        "model": model,
        "category": _told(read.category, names().get(read.category.label, "")),
        "kind": _told(read.kind),
        "urgency": _told(read.urgency),
        "others": [_told(one, names().get(one.label, "")) for one in read.others],
    }
    routes = _routes(chosen, area)
    if not routes and read.others:  # a branch that has no line of its own goes where its likeliest leaf goes
        routes = _routes(read.others[0], area)
    if routes:
        record["department"] = _routed(routes[0])
        record["other_departments"] = [_routed(route) for route in routes[1:]]
    return Proposal(
        kind=read.kind.label,
        urgency="urgent" if read.urgency.label == "urgent" else "normal",
        danger=read.danger.kind if read.danger else "",
        record=record | _danger(read),
        tokens=index_words(text),
        fingerprint=fingerprint(text),
    )


def _routes(category: Guess, area: Area | None) -> list[Route]:
    return router().predict(category.label, area.code if area else "", category.confidence)


def _told(guess: Guess, name: str = "") -> dict[str, Any]:
    words = "、".join(f"“{word}”" for word in guess.words)
    return {"label": guess.label, "name": name, "confidence": round(guess.confidence, 4), "reason": words}


def _danger(read: Read) -> dict[str, Any]:
    if read.danger is None:
        return {}
    return {"danger": {"kind": read.danger.kind, "word": read.danger.word, "hotline": read.danger.hotline}}


def _routed(route: Route) -> dict[str, Any]:
    reasons = []
    if route.line:
        reasons.append(_("派单目录第 %(line)s 条") % {"line": route.line})
    if route.seen:
        back = route.seen - route.kept
        reasons.append(_("近期同类 %(seen)s 单，退回 %(back)s 单") % {"seen": route.seen, "back": back})
    return {
        "label": route.department,
        "name": department_names().get(route.department, ""),
        "confidence": round(route.confidence, 4),
        "reason": "；".join(reasons),
        "line": route.line or None,
        "assisting": list(route.assisting),
        "risk": round(route.risk.value, 4),
    }


# What is kept in memory ----------------------------------------------------------------------------------------------------------------------


def names() -> dict[str, str]:
    """Full names of categories by code."""
    return kept("category names", lambda: dict(Category.objects.values_list("code", "full_name")))


def department_names() -> dict[str, str]:
    return kept("department names", lambda: dict(Department.objects.values_list("code", "name")))


def category_infos() -> list[CategoryInfo]:
    """The active leaves of the category tree."""
    by_id = {category.pk: category for category in Category.objects.filter(active=True)}
    inner = {category.parent_id for category in by_id.values()}
    found = []
    for category in by_id.values():
        if category.pk in inner:
            continue
        path, above = [category.code], category.parent_id
        while above:
            path.append(by_id[above].code)
            above = by_id[above].parent_id
        words = tuple(category.keywords)
        found.append(CategoryInfo(category.code, category.name, tuple(reversed(path)), words, category.default_kind))
    return found


def catalogue_lines() -> list[CatalogueLine]:
    """The dispatch catalogue in force today."""
    codes = dict(Department.objects.values_list("pk", "code"))
    return [
        CatalogueLine(
            line.number,
            line.category.code,
            line.area.code if line.area else "",
            codes[line.lead_id],
            tuple(codes[pk] for pk in line.assisting if pk in codes),
        )
        for line in lines_on(clock.today()).select_related("category", "area")
    ]


_loaded: dict[str, tuple[int | None, Any]] = {}


def _live(sort: str) -> int | None:
    def read() -> int | None:
        return LearnedModel.objects.filter(sort=sort, live=True).values_list("pk", flat=True).first()

    return kept(f"live {sort}", read)


def classifier() -> Classifier:
    """The live classifier, or, before any training, one that knows the categories' own words."""
    pk = _live(LearnedModel.Sort.CLASSIFIER)
    found = _loaded.get("classifier")
    if found is None or found[0] != pk:
        live = LearnedModel.objects.get(pk=pk) if pk else None
        found = (pk, _readable(Classifier, live) or Classifier(category_infos()).fit([]))
        _loaded["classifier"] = found
    model = found[1]
    assert isinstance(model, Classifier)  # noqa: S101
    return model


def router() -> Router:
    """The live router with today's catalogue."""
    return kept("router", _router)


def _router() -> Router:
    paths = {info.code: info.path for info in category_infos()}
    live = LearnedModel.objects.filter(sort=LearnedModel.Sort.ROUTER, live=True).first()
    learned = _readable(Router, live) or Router().fit([])
    return learned.with_catalogue(catalogue_lines(), paths)


def _readable(model: type[M], live: LearnedModel | None) -> M | None:
    """The model kept in a row; None without a row, and for one of an earlier release, which the next training replaces."""
    try:
        return model.from_bytes(bytes(live.content)) if live else None
    except ValueError:
        log.warning("The live %s cannot be read by this release: train anew.", model.__name__)
        return None


def forget() -> None:
    """Drops the models kept in memory, after training or loading a city."""
    _loaded.clear()
