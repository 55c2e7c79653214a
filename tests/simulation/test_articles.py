# SPDX-License-Identifier: Apache-2.0
"""The synthetic city's articles: believable, complete, and found for what its people say."""

import random
from collections import Counter

import pytest

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.intake import proposals
from rexian.knowledge import queries
from rexian.knowledge.models import Article, ArticleEvent, Version, Vote
from rexian.security.identity import SYSTEM
from rexian.simulation import grammar
from rexian.simulation.articles import shelve, told

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def yucheng() -> None:
    load_city(folder=SHIPPED / "yucheng", by=SYSTEM)
    shelve(seed=1)


def test_the_shelf_is_lively(yucheng: None) -> None:
    states = Counter(Article.objects.values_list("state", flat=True))
    assert states == {"published": 78, "reviewing": 2, "draft": 1, "expired": 1, "withdrawn": 1}
    assert Version.objects.count() > len(told())
    assert Vote.objects.filter(useful=False).exclude(why="").exists()
    assert Article.objects.filter(reminded=30).exists()
    assert Article.objects.filter(reminded=7).exists()
    approved = ArticleEvent.objects.filter(edge="approve")
    assert approved.filter(author__post="clerk").exists()
    assert len(queries.branches()) >= 12
    assert shelve(seed=1) == 0


def test_what_people_say_finds_its_article(yucheng: None) -> None:
    kept = {code: set(one) for code, one in by_category().items()}
    first = within = asked = shown = right = 0
    rng = random.Random(7)
    for code in sorted(grammar.troubles()):
        for _ in range(4):
            text = grammar.say(rng, code, "春和街道锦绣小区", spoken=True).text
            guess = proposals.founded_category(proposals.propose(text))
            found = queries.for_question(text, None, guess, public=True)
            hits = [one.article.pk in kept.get(code, ()) for one in found]
            if code in kept:
                asked, first, within = asked + 1, first + any(hits[:1]), within + any(hits)
            if found and found[0].good:
                shown, right = shown + 1, right + hits[0]
    print(f"first {first}/{asked}, within three {within}/{asked}, shown as good {shown}, of them right {right}")
    assert (first / asked, within / asked) > (0.82, 0.88)
    assert right / shown > 0.85


def by_category() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for pk, code in queries.answers().values_list("pk", "live__categories__code"):
        found.setdefault(code, []).append(pk)
    return found
