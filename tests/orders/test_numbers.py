# SPDX-License-Identifier: Apache-2.0
"""Order numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.directory import clock
from rexian.orders import actions, chain, numbers
from rexian.orders.models import Seal
from rexian.security.errors import Refusal
from rexian.security.identity import CITIZEN
from tests.factories import Town, received

NUMBERS = st.builds(
    numbers.compose,
    st.integers(110000, 990100).map(str),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(1, 9_999_999),
)


@given(NUMBERS, st.integers(0, 99), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number: str, place: int, more: int) -> None:
    assert numbers.normalise(number.replace("-", " ")) == number
    digits = [at for at, character in enumerate(number) if character.isdigit()]
    at = digits[place % len(digits)]
    wrong = number[:at] + str((int(number[at]) + more) % 10) + number[at + 1 :]
    assert numbers.normalise(wrong) is None


@pytest.mark.django_db
def test_running_numbers_begin_anew_each_day_and_are_not_used_again(town: Town) -> None:
    first, second = received(town).order, received(town).order
    with clock.at(clock.now() + timedelta(days=1)):
        third = received(town).order
    running = [one.number.split("-")[2] for one in (first, second, third)]
    assert running == ["000001", "000002", "000001"]
    assert len({first.number, second.number, third.number}) == 3


@pytest.mark.django_db
def test_a_gap_is_explained_by_the_seal(town: Town) -> None:
    received(town)
    numbers.allocate("990100", clock.today())  # an intake that came no further
    with pytest.raises(Refusal):
        actions.submit(request=actions.Request(text=" ", channel="web", kind="help"), by=CITIZEN)
    received(town)
    chain.seal_due(clock.now() + timedelta(hours=2))
    assert [len(seal.voids) for seal in Seal.objects.all() if seal.orders] == [1]
    assert chain.verify().findings == []
