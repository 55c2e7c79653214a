# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from rexian.directory.actions import identify_citizen, merge_citizens
from rexian.directory.models import Change, Citizen, Identity
from rexian.directory.queries import find_citizen, same_person
from rexian.orders.queries import of_citizen
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import CITIZEN, SYSTEM
from tests.factories import Town, received

WECHAT = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
PHONE, OTHER = "13800138000", "13900139000"


@pytest.mark.django_db
def test_one_person_over_all_channels() -> None:
    one = identify_citizen(by=CITIZEN, telephone="138 0013 8000", name="王小明")
    assert identify_citizen(by=CITIZEN, telephone=PHONE, wechat=WECHAT) == one
    assert identify_citizen(by=CITIZEN, wechat=WECHAT) == one
    assert find_citizen(wechat=WECHAT) == find_citizen(telephone="+86 13800138000") == one
    assert find_citizen(telephone=OTHER) is None
    assert Citizen.objects.get().name == "王小明"
    assert Identity.objects.count() == 2


@pytest.mark.django_db
def test_who_is_known_is_found_with_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    identify_citizen(by=CITIZEN, telephone=PHONE, wechat=WECHAT, name="王小明")
    with django_assert_num_queries(1):
        identify_citizen(by=CITIZEN, telephone=PHONE, wechat=WECHAT, name="小王")
    assert Citizen.objects.get().name == "王小明"


@pytest.mark.django_db
def test_a_name_is_learned_when_it_is_first_told() -> None:
    identify_citizen(by=CITIZEN, telephone=PHONE)
    identify_citizen(by=CITIZEN, telephone=PHONE, name="王小明")
    assert Citizen.objects.get().name == "王小明"


@pytest.mark.django_db
def test_two_persons_are_not_joined_by_a_form() -> None:
    one, two = identify_citizen(by=CITIZEN, telephone=PHONE), identify_citizen(by=CITIZEN, wechat=WECHAT)
    assert identify_citizen(by=CITIZEN, telephone=PHONE, wechat=WECHAT) == one
    assert find_citizen(wechat=WECHAT) == two


@pytest.mark.django_db
def test_nothing_and_nonsense_are_refused_and_write_nothing() -> None:
    for given in (
        {},
        {"telephone": "1380013800"},
        {"wechat": "王"},
        {"id_number": "1"},
        {"telephone": PHONE, "wechat": "!"},
    ):
        with pytest.raises(Refusal):
            identify_citizen(by=CITIZEN, **given)
    assert not Citizen.objects.exists()


@pytest.mark.django_db
def test_numbers_and_names_are_not_readable_in_the_database() -> None:
    identify_citizen(by=CITIZEN, telephone=PHONE, name="王小明")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(c)::text || row_to_json(i)::text FROM directory_citizen c, directory_identity i"
        )
        (stored,) = cursor.fetchone()
    assert PHONE not in stored
    assert PHONE.encode().hex() not in stored
    assert "王小明".encode().hex() not in stored


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_intakes_at_once_make_one_person() -> None:
    def intake(_: int) -> int:
        try:
            return identify_citizen(by=CITIZEN, telephone=PHONE, wechat=WECHAT).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(intake, range(32)))) == 1
    assert Citizen.objects.count() == 1
    assert Identity.objects.count() == 2


def test_merged_records_are_one_person_with_one_history(town: Town) -> None:
    first, second = received(town).order, received(town, telephone=OTHER).order
    keep, other = first.citizen, second.citizen
    assert keep is not None
    assert other is not None
    merge_citizens(by=town.by("agent"), keep=keep, other=other, reason="本人来电说明两个号码都是他的")
    other.refresh_from_db()
    assert find_citizen(telephone=OTHER) == keep
    assert set(same_person(keep)) == set(same_person(other)) == {keep, other}
    assert set(of_citizen(keep, town.by("dispatcher"))) == {first, second}
    change = Change.objects.get(table="citizen")
    assert change.after == {"merged_into": keep.pk, "reason": "本人来电说明两个号码都是他的"}
    third = identify_citizen(by=CITIZEN, wechat=WECHAT)
    merge_citizens(by=town.by("agent"), keep=third, other=keep, reason="又一个号码")
    other.refresh_from_db()
    assert set(same_person(other)) == {keep, other, third}


def test_who_may_not_merge_and_what_cannot_be(town: Town) -> None:
    one, two = identify_citizen(by=CITIZEN, telephone=PHONE), identify_citizen(by=CITIZEN, telephone=OTHER)
    wrong: list[tuple[type[Refusal], Callable[[], object]]] = [
        (Forbidden, lambda: merge_citizens(by=town.by("clerk"), keep=one, other=two, reason="同一人")),
        (Forbidden, lambda: merge_citizens(by=SYSTEM, keep=one, other=two, reason="同一人")),
        (Refusal, lambda: merge_citizens(by=town.by("agent"), keep=one, other=two, reason=" ")),
        (Refusal, lambda: merge_citizens(by=town.by("agent"), keep=one, other=one, reason="同一人")),
    ]
    for error, act in wrong:
        with pytest.raises(error):
            act()
    merge_citizens(by=town.by("agent"), keep=one, other=two, reason="同一人")
    with pytest.raises(Refusal):
        merge_citizens(by=town.by("agent"), keep=two, other=one, reason="同一人")
