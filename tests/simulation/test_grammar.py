# SPDX-License-Identifier: Apache-2.0
"""What the people of the synthetic city say of the five elements, and where it then stands."""

import random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from rexian.directory.models import Area, Category
from rexian.simulation import grammar
from rexian.simulation.cast import Town
from rexian.simulation.grammar import GRIEVANCES, Said
from rexian.simulation.hotline import hear
from rexian.simulation.people import People
from rexian.simulation.town import Call


@pytest.fixture(scope="module")
def said() -> list[Said]:
    rng, codes = random.Random(7), sorted(grammar.troubles())
    return [grammar.say(rng, rng.choice(codes), "滨江街道春和小区", spoken=bool(n % 2)) for n in range(4000)]


def test_when_and_why_are_told_of_some_and_stand_in_the_text(said: list[Said]) -> None:
    grievances = [one for one in said if grammar.troubles()[one.category]["kind"] in GRIEVANCES]
    for name, least, most in (("happened", 0.2, 0.45), ("cause", 0.2, 0.4)):
        told = [one for one in grievances if getattr(one, name)]
        assert least < len(told) / len(grievances) < most
        wrong = [one for one in told if getattr(one, name) not in one.text]
        assert len(wrong) < 0.05 * len(told)  # but for what was mistyped in haste
    others = [one for one in said if grammar.troubles()[one.category]["kind"] not in GRIEVANCES]
    assert not any(one.cause for one in others)


@pytest.mark.parametrize(("channel", "why"), [("telephone", True), ("web", False), ("wechat", False)])
def test_only_forms_that_ask_for_it_hold_the_reason(channel: str, why: bool) -> None:
    code = "Y010105"
    place = SimpleNamespace(streets={"s": Area(name="滨江街道")}, categories={code: Category(code=code)})
    call, person = cast(Any, Call)(None, channel, code, "s", 1), People(1, 1, 9)[3]
    heard = [hear(random.Random(n), cast(Town, place), call, person) for n in range(200)]
    assert any(one.happened for one in heard)
    assert any(one.cause for one in heard) is why
    assert any("事情发生在" in one.text and not one.happened for one in heard)
