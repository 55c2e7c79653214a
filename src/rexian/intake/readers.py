# SPDX-License-Identifier: Apache-2.0
"""The models as proposals use them: the live version, kept in memory, with the corrections that dispatchers have made since."""

import logging
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from rexian.directory import clock
from rexian.directory.models import Category, Department
from rexian.directory.queries import kept, lines_on
from rexian.intake.models import LearnedModel
from rexian.orders.models import Correction
from rexian_ml.base import Estimator
from rexian_ml.classify import CategoryInfo, Classifier, Example, Guess
from rexian_ml.classify import Proposal as Read
from rexian_ml.route import CatalogueLine, Route, Router

log = logging.getLogger(__name__)
M = TypeVar("M", bound=Estimator)
T = TypeVar("T")
Asked = tuple[str, str, str]
"""What is asked for: text, code of the area or "", code of the category that a person chose or ""."""
REMEMBERED = 2_000
"""Corrections that are remembered beside a model at the most; the next training takes them in for good."""
SETTLED = timedelta(seconds=15)
"""So old a correction is when it is taken in: one that was written earlier and committed later must not be passed over."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A classifier and a router together. `name` goes on record with each proposal: the classifier's, and `+n` for n corrections remembered.

    `measured`: whether its confidence was fitted on orders that it had not seen; without that nobody knows how sure it is.
    """

    name: str
    classifier: Classifier
    router: Router
    measured: bool = True

    def read(self, asked: Sequence[Asked]) -> list[tuple[Read, list[Route]]]:
        """For each the reading of its text, and the departments for the category, best first."""
        reads = self.classifier.predict_many([text for text, _area, _category in asked])
        return [
            (read, self._routes(read, area, category)) for read, (_, area, category) in zip(reads, asked, strict=True)
        ]

    def _routes(self, read: Read, area: str, category: str) -> list[Route]:
        chosen = Guess(category, 1.0) if category else read.category
        routes = self.router.predict(chosen.label, area, chosen.confidence)
        if not routes and read.others:  # a branch that has no line of its own goes where its likeliest leaf goes
            routes = self.router.predict(read.others[0].label, area, read.others[0].confidence)
        return routes


def live() -> Reader:
    """The live version with today's catalogue; before any training, one that knows the categories' own words."""
    held = _classifier()
    name = f"{held.name}+{held.remembered}" if held.remembered else held.name
    return Reader(name, held.classifier, router(), held.pk is not None)


def untrained(infos: Sequence[CategoryInfo]) -> Classifier:
    return Classifier(infos).fit([])


def beside_catalogue(learned: Router) -> Router:
    """What a router has learned, with the dispatch catalogue in force today."""
    return learned.with_catalogue(catalogue_lines(), {info.code: info.path for info in infos()})


# The directory as the models need it -------------------------------------------------------------------------------------------------------


def infos() -> list[CategoryInfo]:
    return kept("category infos", category_infos)


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


# What is kept in memory --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Held:
    """The live classifier of this process: its row (None: untrained), and up to which correction it remembers how many."""

    pk: int | None
    name: str
    classifier: Classifier
    last: int = 0
    remembered: int = 0


_loaded: dict[str, tuple[Any, Any]] = {}


def _once(name: str, of: object, make: Callable[[], T]) -> T:
    """What `make` gives, made again when that which it is made `of` has changed."""
    found = _loaded.get(name)
    if found is None or found[0] is not of:  # read anew, and the same or not: told once
        found = (of, found[1] if found and found[0] == of else make())
        _loaded[name] = found
    made: T = found[1]
    return made


def _row(sort: str) -> LearnedModel | None:
    """The live row without its bytes."""
    return kept(f"live {sort}", lambda: LearnedModel.objects.filter(sort=sort, live=True).defer("content").first())


def _classifier() -> _Held:
    row = _row(LearnedModel.Sort.CLASSIFIER)
    of: object = row.pk if row else infos()
    held = _once("classifier", of, lambda: _load(row))
    if row is None or held.pk is None or not row.metrics.get("remembers"):
        return held
    held = kept(f"corrected {row.pk}", lambda: _corrected(held, row))
    _loaded["classifier"] = (of, held)
    return held


def _load(row: LearnedModel | None) -> _Held:
    model = readable(Classifier, row)
    if row is None or model is None:
        plain = untrained(infos())
        return _Held(None, plain.id_, plain)
    return _Held(row.pk, row.name, model)


def _corrected(held: _Held, row: LearnedModel) -> _Held:
    """With the corrections that came in since; a copy, for others may be reading with the one that was."""
    since = Correction.objects.filter(field="category", pk__gt=held.last, at__lte=clock.now() - SETTLED)
    if row.until is not None:
        since = since.filter(at__gte=row.until)
    rows = list(since.order_by("pk").values_list("pk", "order__text", "chosen")[: REMEMBERED - held.remembered])
    if not rows:
        return held
    model = remembering(held.classifier, [(text, chosen) for _pk, text, chosen in rows])
    return replace(held, classifier=model, last=rows[-1][0], remembered=held.remembered + len(rows))


def remembering(model: Classifier, corrections: Sequence[tuple[str, str]]) -> Classifier:
    """A copy that remembers what people chose for texts; categories that came after its training wait for the next."""
    known = {*model.labelings_[0].labels}
    fresh = copy(model)
    fresh.memory_ = replace(model.memory_)
    return fresh.correct([Example(text, chosen, "", "") for text, chosen in corrections if chosen in known])


def router() -> Router:
    """The live router with today's catalogue, built anew when either changes."""
    row = _row(LearnedModel.Sort.ROUTER)
    lines = kept("catalogue lines", catalogue_lines)
    learned = _once("learned router", row and row.pk, lambda: readable(Router, row) or Router().fit([]))
    return _once("router", (row and row.pk, lines, infos()), lambda: beside_catalogue(learned))


def readable(model: type[M], row: LearnedModel | None) -> M | None:
    """The model kept in a row; None without a row, and for one of an earlier release, which the next training replaces."""
    try:
        return model.from_bytes(bytes(row.content)) if row else None
    except ValueError:
        log.warning("The live %s cannot be read by this release: train anew.", model.__name__)
        return None


def forget() -> None:
    """Drops the models kept in memory, after training or loading a city."""
    _loaded.clear()
