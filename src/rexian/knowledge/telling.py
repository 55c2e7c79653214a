# SPDX-License-Identifier: Apache-2.0
"""What the knowledge base tells desks of: an article to review, and one whose validity ends soon."""

from collections.abc import Iterator
from datetime import datetime

from rexian.knowledge.access import visible
from rexian.knowledge.models import Article, ArticleEvent
from rexian.security.sources import Source, Told

COLUMNS = ("pk", "article_id", "at", "edge", "user_id", "version__department")


def since(moment: datetime) -> Iterator[Told]:
    """Reviews asked for, to the reviewers; reminders of the end of validity, to the editors and the department that answers for the article."""
    found = ArticleEvent.objects.filter(edge__in=["submit", "remind"], at__gte=moment)
    for pk, article, at, edge, actor, department in found.order_by("pk").values_list(*COLUMNS):
        if edge == "submit":
            yield Told(pk, article, at, "article", "library", actor=actor)
        else:
            yield Told(pk, article, at, "expiring", "editor")
            yield Told(pk, article, at, "expiring", "department", department)


def title(article: Article) -> str:
    return article.latest.title if article.latest else ""


SOURCE = Source("article", since, lambda by: visible(by).select_related("latest"), title)
