# SPDX-License-Identifier: Apache-2.0
"""The only writes of the knowledge base: one function an edge of the workflow, and votes.

Each takes `article` (any copy; it is read again under a lock) and `by`; raises Refusal or Forbidden and then has written nothing;
returns the article as it is now.
"""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.directory.models import Area, Category, Department, Kind
from rexian.directory.searching import vector
from rexian.knowledge import labels, markup
from rexian.knowledge.access import may_answer_for, owns
from rexian.knowledge.models import Article, ArticleEvent, Version, Vote
from rexian.knowledge.workflow import EDGES, REMINDERS, State
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.models import User
from rexian_ml.text import search_words

LONGEST = {"title": 100, "body": 20_000, "basis": 2_000, "reason": 500, "why": 200}
MOST_QUESTIONS, LONGEST_QUESTION = 30, 100
MANY = ("categories", "areas")


@dataclass(slots=True)
class Content:
    """What an article says, as its form hands it over."""

    title: str
    body: str
    department: Department
    valid_from: date
    valid_until: date | None = None
    questions: list[str] = field(default_factory=list)
    basis: str = ""
    categories: list[Category] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    public: bool = False

    def __post_init__(self) -> None:
        """Texts without the lines and spaces around them, lines ending in LF, each question once."""
        for name in ("title", "body", "basis"):
            setattr(self, name, getattr(self, name).replace("\r\n", "\n").replace("\r", "\n").strip())
        self.questions = list(dict.fromkeys(one.strip() for one in self.questions if one.strip()))

    def check(self) -> None:
        """Raises Refusal at the field that is wrong."""
        for name in ("title", "body", "basis"):
            _not_longer(name, getattr(self, name))
        if len(self.questions) > MOST_QUESTIONS or max(map(len, self.questions), default=0) > LONGEST_QUESTION:
            told = {"most": MOST_QUESTIONS, "longest": LONGEST_QUESTION}
            raise Refusal(_("最多 %(most)s 个问法，每个不超过 %(longest)s 字。") % told, field="questions")
        if not set(self.kinds) <= set(Kind.values):
            raise Refusal(_("请选择性质。"), field="kinds")
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise Refusal(_("有效期至不能早于生效日期。"), field="valid_until")
        _still_valid(self.valid_until)

    def same_as(self, version: Version) -> bool:
        """Whether the version says the same already."""
        plain = all(
            getattr(self, one.name) == getattr(version, one.name) for one in fields(self) if one.name not in MANY
        )
        return plain and all(
            {one.pk for one in getattr(self, name)} == {one.pk for one in getattr(version, name).all()} for name in MANY
        )

    def search(self) -> str:
        """The words by which it is found; title and questions weigh A, the rest C."""
        first = search_words("\n".join([self.title, *self.questions, *(one.name for one in self.categories)]))
        rest = search_words(f"{markup.plain(self.body)}\n{self.basis}")
        return f"{vector(first, 'A')} {vector(rest, 'C', len(first))}".strip()


def _not_longer(name: str, text: str) -> None:
    if len(text) > LONGEST[name]:
        told = {"field": labels.FIELDS[name], "most": LONGEST[name], "now": len(text)}
        raise Refusal(_("%(field)s最多 %(most)s 字，现在 %(now)s 字。") % told, field=name)


def _still_valid(until: date | None) -> None:
    if until is not None and until < clock.today():
        raise Refusal(_("有效期到 %(day)s 已满，请先改有效期。") % {"day": until.isoformat()}, field="valid_until")


# How an article moves --------------------------------------------------------------------------------------------------------------------------


def _begin(article: Article, name: str, by: By, **data: str) -> Article:
    """The article under a row lock, once `by` may take the edge from where it stands and nothing required is missing."""
    edge = EDGES[name]
    locked = (
        Article.objects.select_for_update(of=("self",)).select_related("latest__department", "live").get(pk=article.pk)
    )
    told = {"state": labels.STATES[State(locked.state)], "act": labels.EDGES[name]}
    if locked.state not in edge.sources:
        raise Forbidden(_("这篇知识现在是“%(state)s”，不能%(act)s。") % told)
    if by.role not in edge.who:
        raise Forbidden(_("您的岗位不能%(act)s。") % told)
    if edge.own and not owns(locked, by):
        raise Forbidden(_("这篇知识不是您单位的，不能%(act)s。") % told)
    _check_required(name, data)
    return locked


def _check_required(name: str, data: dict[str, str]) -> None:
    for field_ in EDGES[name].requires:
        if not data.get(field_, "").strip():
            raise Refusal(_("请填写%(field)s。") % {"field": labels.FIELDS[field_]}, field=field_)


def _finish(article: Article, name: str, by: By, reason: str = "", **changes: Any) -> Article:
    """Moves a locked article along the edge, and appends the event."""
    for field_, value in changes.items():
        setattr(article, field_, value)
    now = clock.now()
    article.state = EDGES[name].target or State(article.state)
    if name != "remind":  # a reminder changes nothing that a reader would call new
        article.changed_at = now
    article.save()
    version = _latest(article)
    ArticleEvent.objects.create(
        article=article, version=version, at=now, edge=name, target=article.state,
        role=by.role.value, user_id=by.user_id, author_id=version.author_id, reason=reason.strip(),
    )  # fmt: skip
    return article


def _latest(article: Article) -> Version:
    if article.latest is None:
        raise ValueError("an article without a version")
    return article.latest


_UNSEEN: dict[str, Any] = {"live": None, "expires": None, "reminded": None}
"""What an article without a version for readers has."""


# The edges -------------------------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def write(*, by: By, content: Content, article: Article | None = None, base: int | None = None) -> Article:
    """Saves a new version, of a new article where none is given; what says the same as the newest version makes none.

    `base` is the number of the version that was opened: if another was saved since, this one is refused and nothing is lost by silence.
    """
    if article is None:
        locked = _new(by, content)
    else:
        locked = _begin(article, "write", by, title=content.title, body=content.body)
        if base is not None and base != _latest(locked).number:
            told = {"number": _latest(locked).number, "name": _latest(locked).author}
            raise Refusal(_("%(name)s在您之后保存了第 %(number)s 版，请先对照，再改。") % told)
    content.check()
    if not may_answer_for(content.department, by):
        raise Refusal(_("只能写您自己单位的知识。"), field="department")
    if locked.latest is not None and content.same_as(locked.latest):
        return locked
    return _finish(locked, "write", by, latest=_append(locked, content, by))


def _new(by: By, content: Content) -> Article:
    if by.role not in EDGES["write"].who:
        raise Forbidden(_("您的岗位不能%(act)s。") % {"act": labels.EDGES["write"]})
    _check_required("write", {"title": content.title, "body": content.body})
    return Article.objects.create(state=State.DRAFT, changed_at=clock.now())


def _append(article: Article, content: Content, by: By) -> Version:
    values = {one.name: getattr(content, one.name) for one in fields(content) if one.name not in MANY}
    number = article.latest.number + 1 if article.latest else 1
    version = Version.objects.create(
        article=article, number=number, at=clock.now(), author_id=by.user_id, search=content.search(), **values
    )
    version.categories.set(content.categories)
    version.areas.set(content.areas)
    return version


@transaction.atomic
def submit(*, article: Article, by: By) -> Article:
    """Hands the newest version to a reviewer."""
    locked = _begin(article, "submit", by)
    _still_valid(_latest(locked).valid_until)
    return _finish(locked, "submit", by)


@transaction.atomic
def recall(*, article: Article, by: By) -> Article:
    return _finish(_begin(article, "recall", by), "recall", by)


@transaction.atomic
def approve(*, article: Article, by: By) -> Article:
    """Publishes the newest version; neither its author nor the one who submitted it may."""
    locked = _begin(article, "approve", by)
    latest = _latest(locked)
    submitted = (
        ArticleEvent.objects.filter(article=locked, edge="submit").order_by("-id").values_list("user", flat=True)
    )
    if by.user_id in (latest.author_id, submitted.first()):
        raise Forbidden(_("自己写的、自己提交的，要由另一人审核。"))
    _still_valid(latest.valid_until)
    return _finish(locked, "approve", by, live=latest, expires=latest.valid_until, reminded=None)


@transaction.atomic
def send_back(*, article: Article, by: By, reason: str) -> Article:
    _not_longer("reason", reason)
    return _finish(_begin(article, "send_back", by, reason=reason), "send_back", by, reason)


@transaction.atomic
def withdraw(*, article: Article, by: By, reason: str) -> Article:
    """Takes the article from readers at once."""
    _not_longer("reason", reason)
    return _finish(_begin(article, "withdraw", by, reason=reason), "withdraw", by, reason, **_UNSEEN)


@transaction.atomic
def remind(*, article: Article, by: By, days: int) -> Article:
    """Notes, once for each of REMINDERS, that the live version's validity ends within `days`."""
    locked = _begin(article, "remind", by)
    if days not in REMINDERS or locked.expires is None or (locked.reminded or max(REMINDERS) + 1) <= days:
        return locked
    return _finish(locked, "remind", by, str(days), reminded=days)


@transaction.atomic
def expire(*, article: Article, by: By) -> Article:
    """Takes an article whose validity is over from readers; a newer version in writing or review stays where it is."""
    name = "expire" if article.state == State.PUBLISHED else "lapse"
    locked = _begin(article, name, by)
    if locked.expires is None or locked.expires >= clock.today():
        return locked
    return _finish(locked, name, by, **_UNSEEN)


@transaction.atomic
def vote(*, version: Version, by: By, useful: bool, why: str = "", visitor: bytes | None = None) -> Vote:
    """Whether the version helped; who voted before changes that vote. Staff vote as themselves, citizens as `visitor`."""
    if by.user_id is None and visitor is None:
        raise ValueError("vote: of nobody")
    _not_longer("why", why.strip())
    person = {"user": User(pk=by.user_id)} if by.user_id is not None else {"visitor": visitor}
    told = {"useful": useful, "why": "" if useful else why.strip(), "at": clock.now()}
    return Vote.objects.update_or_create(version=version, **person, defaults=told)[0]
