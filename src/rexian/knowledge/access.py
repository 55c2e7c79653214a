# SPDX-License-Identifier: Apache-2.0
"""Who may see and write which articles: decided here and nowhere else."""

from django.db.models import Q, QuerySet

from rexian.directory import clock
from rexian.directory.models import Department
from rexian.knowledge.models import Article
from rexian.knowledge.workflow import READERS, REVIEWERS, WRITERS
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS


def in_force() -> Q:
    """Articles that readers see today: also right while the daily task has not run."""
    today = clock.today()
    return Q(live__isnull=False, live__valid_from__lte=today) & (Q(expires=None) | Q(expires__gte=today))


def published() -> QuerySet[Article]:
    """What citizens see."""
    return Article.objects.filter(in_force(), live__public=True)


def visible(by: By) -> QuerySet[Article]:
    """The articles that `by` may see: readers what is in force, departments also all of their own, editors and supervisors everything."""
    if by.role in REVIEWERS:
        return Article.objects.all()
    if by.role not in READERS:
        return Article.objects.none()
    if by.role in DEPARTMENT_POSTS:
        return Article.objects.filter(in_force() | Q(latest__department__in=by.departments or ()))
    return Article.objects.filter(in_force())


def get_article(pk: int, by: By) -> Article:
    """The article if `by` may see it; raises Article.DoesNotExist, which tells a stranger nothing."""
    return (
        visible(by)
        .select_related(*(f"{one}__{name}" for one in ("latest", "live") for name in ("department", "author")))
        .get(pk=pk)
    )


def sees_latest(article: Article, by: By) -> bool:
    """Whether `by` sees the version that is being written, its history and its reviews, and not only what is in force."""
    return by.role in REVIEWERS or owns(article, by)


def owns(article: Article, by: By) -> bool:
    """Whether `by` may write this article: editors all, departments their own."""
    if by.role in DEPARTMENT_POSTS:
        return article.latest is not None and article.latest.department_id in (by.departments or ())
    return by.role in WRITERS


def may_answer_for(department: Department, by: By) -> bool:
    """Whether `by` may write in a department's name."""
    return by.role not in DEPARTMENT_POSTS or department.pk in (by.departments or ())
