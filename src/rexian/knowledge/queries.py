# SPDX-License-Identifier: Apache-2.0
"""Reads of the knowledge base beyond the guarded getter (access)."""

from dataclasses import dataclass
from datetime import timedelta
from math import log

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from rexian.directory import clock
from rexian.directory.models import Area, Category, Department
from rexian.directory.queries import around, kept, subtree
from rexian.directory.searching import all_of, any_of
from rexian.knowledge import retrieving
from rexian.knowledge.access import in_force, published, sees_latest, visible
from rexian.knowledge.models import Article, ArticleEvent, Version
from rexian.knowledge.workflow import REMINDERS, REVIEWERS, State
from rexian.security.identity import By
from rexian.security.posts import DEPARTMENT_POSTS
from rexian_ml.text import STOP_WORDS, search_words

MOST_WORDS = 60
"""Of a text that is asked for, as many words; a longer text says the same again."""
CANDIDATES = 40
"""Articles that PostgreSQL finds by any of the words, to be scored one by one."""
SAME_CATEGORY, SAME_BRANCH = 0.3, 0.1
"""What the same category, or one beside it, adds to the score."""
LEAST, GOOD = 0.1, 0.5
"""Below LEAST nothing is shown; from GOOD on an article probably answers (tests/simulation/test_articles.py measures both)."""

UNSURE = 0.49
"""What an article that answers in its body alone comes to at the most: it may be read, it is not held out as the answer."""


# Lists -----------------------------------------------------------------------------------------------------------------------------------------


def listed(articles: QuerySet[Article]) -> QuerySet[Article]:
    """With what a list shows joined in and what it does not show left out."""
    shown = articles.select_related("latest__department", "live__department")
    return shown.defer(*(f"{one}__{name}" for one in ("latest", "live") for name in ("search", "body", "basis")))


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; empty fields narrow nothing. `state` is a State, or one of the queues `expiring` and `useless`."""

    words: str = ""
    department: Department | None = None
    category: Category | None = None
    area: Area | None = None
    state: str = ""


def search(by: By, wanted: Filter) -> QuerySet[Article]:
    """The articles that `by` may see and that fit; sort by changed_at, or `expires` where the queue is `expiring`.

    Each is sought in the version that `by` reads of it, so that a search tells nothing of another department's draft.
    """
    if by.role in REVIEWERS:
        return listed(Article.objects.filter(_narrowed("latest", wanted), _in_queue(wanted.state)))
    found = visible(by).filter(_queue_of(by, wanted.state))
    if by.role not in DEPARTMENT_POSTS:
        return listed(found.filter(_narrowed("live", wanted)))
    others = ~_own(by) & _narrowed("live", wanted)
    return listed(found.filter(others | _own(by) & _narrowed("latest", wanted)))


def _own(by: By) -> Q:
    return Q(latest__department__in=by.departments or ())


def _queue_of(by: By, state: str) -> Q:
    """A queue; departments have only their own articles in it."""
    return _in_queue(state) & _own(by) if state and by.role in DEPARTMENT_POSTS else _in_queue(state)


def _narrowed(version: str, wanted: Filter) -> Q:
    found = Q()
    words = all_of(_content(wanted.words) or search_words(wanted.words)[:MOST_WORDS])
    if words is not None:
        found &= Q(**{f"{version}__search": words})
    if wanted.department is not None:
        found &= Q(**{f"{version}__department__in": subtree(wanted.department)})
    if wanted.category is not None:
        found &= Q(**{f"{version}__in": _of_category(wanted.category)})
    if wanted.area is not None:
        found &= Q(**{f"{version}__in": Version.objects.filter(_for_area(wanted.area))})
    return found


def _of_category(category: Category) -> QuerySet[Version]:
    """Versions of a category or of one below it."""
    below = Q(categories=category) | Q(categories__parent=category) | Q(categories__parent__parent=category)
    return Version.objects.filter(below)


def _for_area(area: Area) -> Q:
    """Versions that hold in an area: those of the whole city, of the area itself and of those around it."""
    return Q(areas=None) | Q(areas__stem__in=around(area.stem))


def _in_queue(state: str) -> Q:
    if state == "expiring":
        return Q(expires__lte=clock.today() + timedelta(days=max(REMINDERS)))
    if state == "useless":
        return Q(live__in=Version.objects.filter(votes__useful=False))
    return Q(state=state) if state else Q()


def waiting(by: By) -> dict[str, int]:
    """What waits for `by`: how many to review (not one's own), and how many of which validity ends within 30 days."""
    articles = visible(by)
    counts: dict[str, int] = articles.aggregate(
        reviewing=Count("pk", filter=_queue_of(by, State.REVIEWING) & ~Q(latest__author=by.user_id)),
        expiring=Count("pk", filter=_queue_of(by, "expiring")),
    )
    return counts


# One article -----------------------------------------------------------------------------------------------------------------------------------


def version_for(article: Article, by: By) -> Version | None:
    """The version that `by` reads: the newest for those who write and review, else the live one."""
    return article.latest if sees_latest(article, by) else article.live


def versions(article: Article) -> QuerySet[Version]:
    """All versions, newest first, with who wrote them and how useful they were found."""
    return (
        _with_votes(article.versions.all())
        .select_related("author", "department")
        .prefetch_related("categories", "areas")
        .defer("search")
        .order_by("-number")
    )


def _with_votes(found: QuerySet[Version]) -> QuerySet[Version]:
    return found.annotate(
        useful=Count("votes", filter=Q(votes__useful=True)), useless=Count("votes", filter=Q(votes__useful=False))
    )


def events_of(article: Article) -> QuerySet[ArticleEvent]:
    """An article's history, newest first."""
    return ArticleEvent.objects.filter(article=article).select_related("user", "version").order_by("-id")


def tally(version: Version) -> dict[str, int]:
    """How many found the version useful, and how many not."""
    said = list(version.votes.values_list("useful", flat=True))
    return {"useful": said.count(True), "useless": said.count(False)}


def complaints(version: Version, most: int = 5) -> list[str]:
    """Why the version did not help, the newest first."""
    return list(version.votes.exclude(why="").order_by("-at").values_list("why", flat=True)[:most])


# For citizens ----------------------------------------------------------------------------------------------------------------------------------


def answers(words: str = "", branch: Category | None = None) -> QuerySet[Article]:
    """What citizens find: all words must be there; `branch` is a category with all below it."""
    found = published().select_related("live__department").defer("live__search", "live__basis")
    return found.filter(_narrowed("live", Filter(words=words, category=branch)))


def branches() -> list[tuple[Category, int]]:
    """The categories of the first level that have published answers, each with how many."""
    top = Category.objects.filter(level=1)
    found: list[tuple[Category, int]] = []
    rows = published().values_list("pk", *(f"live__categories__{way}" for way in ("pk", "parent", "parent__parent")))
    ids = [(pk, set(above)) for pk, *above in rows]
    for one in top:
        count = len({pk for pk, above in ids if one.pk in above})
        found += [(one, count)] if count else []
    return found


# For a text ------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """An article for a text, with `score` from 0 to 1."""

    article: Article
    version: Version
    score: float

    @property
    def good(self) -> bool:
        return self.score >= GOOD


def for_question(
    text: str, area: Area | None = None, category: Category | None = None, *, public: bool = False, most: int = 3
) -> list[Found]:
    """The articles in force that may answer a text, best first, none below LEAST; `public` leaves out what is for staff only.

    By title and questions first; behind them, unsure, what says it in its body alone. None that is `good` means: it is not known.
    """
    articles = published() if public else Article.objects.filter(in_force())
    if area is not None:
        articles = articles.filter(live__in=Version.objects.filter(_for_area(area)))
    articles = articles.select_related("live__department").prefetch_related("live__categories").defer("live__search")
    weights, bodies = _weights(text), retrieving.found(text)
    ranked = _candidates(articles, weights)
    scored = [_scored(one, weights, category) for one in ranked]
    best = sorted((one for one in scored if one.score >= LEAST), key=lambda one: -one.score)[:most]
    missing = set(bodies) - {one.article.pk for one in best}
    if len(best) < most and missing:
        told = {one.pk: one for one in articles.filter(pk__in=missing)}
        best += [
            Found(told[pk], _live(told[pk]), min(sure, UNSURE))
            for pk, sure in bodies.items()
            if pk in told and sure >= LEAST
        ]
    return best[:most]


def _candidates(articles: QuerySet[Article], weights: dict[str, float]) -> list[Article]:
    """Those that share a word of title or questions, as the database ranks them."""
    asked = any_of(weights)
    if asked is None:
        return []
    rank = SearchRank(F("live__search"), asked, weights=[0.0, 0.1, 0.0, 1.0])
    return list(articles.filter(live__search=asked).annotate(rank=rank).order_by("-rank", "pk")[:CANDIDATES])


def _live(article: Article) -> Version:
    if article.live is None:
        raise ValueError("an article without a live version")
    return article.live


def _scored(article: Article, weights: dict[str, float], category: Category | None) -> Found:
    """The share of the text's weight that stands in title and questions, less where that is little at all, more where the category is near."""
    version = _live(article)
    names = list(version.categories.all())
    words = set(search_words("\n".join([version.title, *version.questions, *(one.name for one in names)])))
    matched = sum(weight for word, weight in weights.items() if word in words)
    score = matched / sum(weights.values()) * matched / (matched + 1) + _nearness(names, category) * min(1.0, matched)
    return Found(article, version, min(1.0, score))


def _nearness(names: list[Category], category: Category | None) -> float:
    if category is None:
        return 0.0
    if category.pk in {one.pk for one in names}:
        return SAME_CATEGORY
    beside = category.parent_id is not None and category.parent_id in {one.parent_id for one in names}
    return SAME_BRANCH if beside else 0.0


def _content(text: str) -> list[str]:
    return [word for word in search_words(text) if word not in STOP_WORDS][:MOST_WORDS]


def _weights(text: str) -> dict[str, float]:
    """The text's words that stand in titles or questions, from near 0 for one in every article to 1 for one in a single article.

    The inverse document frequency (Sparck Jones 1972), divided by its largest value.
    """
    articles, counts = kept("knowledge.words", _words)
    most = log(1 + articles)
    return {word: log((1 + articles) / counts[word]) / most for word in dict.fromkeys(_content(text)) if word in counts}


def _words() -> tuple[int, dict[str, int]]:
    """How many live versions there are, and in how many of their titles and questions each word stands."""
    live = "SELECT v.search FROM knowledge_version v JOIN knowledge_article a ON a.live_id = v.id"
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, ndoc FROM ts_stat(%s, 'a')", [live])
        return Article.objects.filter(live__isnull=False).count(), dict(cursor.fetchall())
