# SPDX-License-Identifier: Apache-2.0
"""Articles found by what they say anywhere, in title, questions or body (rexian_ml.retrieve), beside those that the database finds by title and questions.

Each process keeps an index of the live versions and builds it anew, within seconds, when one was published, withdrawn or has expired.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max

from rexian.directory.queries import kept
from rexian.directory.words import teach
from rexian.knowledge import markup
from rexian.knowledge.models import Article, Version
from rexian_ml.retrieve import Asked, Passage, Retriever

MOST = 12
"""Passages that a question is answered with; several may be of one article."""
_built: list[tuple[tuple[int, datetime | None], Retriever]] = []


def found(text: str) -> dict[int, float]:
    """The articles for a text, by key, the best first, each with how likely the best of all answers: learned from the articles' own questions."""
    answer = _index().query(text, MOST)
    return dict.fromkeys((int(one.source) for one in answer.found), answer.confidence)


def _index() -> Retriever:
    """The index of what is live now."""
    state = kept("knowledge.state", _state)
    if not _built or _built[0][0] != state:
        _built[:] = [(state, _learned())]
    return _built[0][1]


def _state() -> tuple[int, datetime | None]:
    """What changes whenever an article goes live or is taken away."""
    told = Article.objects.filter(live__isnull=False).aggregate(n=Count("pk"), at=Max("changed_at"))
    return told["n"], told["at"]


def _learned() -> Retriever:
    teach()
    passages, asked = list[Passage](), list[Asked]()
    live = Article.objects.filter(live__isnull=False).select_related("live").prefetch_related("live__categories")
    for article in live.order_by("pk").iterator(chunk_size=500):
        if article.live is not None:
            passages.append(_body(article.pk, article.live))
            for key, question in _questions(article.pk, article.live):
                passages.append(Passage(key, question, "", str(article.pk)))
                asked.append(Asked(question, str(article.pk), frozenset({key})))
    return Retriever().fit(passages, asked)


def _body(pk: int, version: Version) -> Passage:
    names = " ".join(one.name for one in version.categories.all())
    return Passage(f"{pk}:0", f"{markup.plain(version.body)}\n{version.basis}\n{names}", version.title, str(pk))


def _questions(pk: int, version: Version) -> Iterator[tuple[str, str]]:
    """Each question by its key. It is a passage of its own, so that it can be left aside while the index learns how sure to be of it."""
    return ((f"{pk}:{number}", question) for number, question in enumerate(version.questions, 1))
