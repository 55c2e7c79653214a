# SPDX-License-Identifier: Apache-2.0
"""Who is responsible in memory is who is responsible in the database."""

from datetime import date
from itertools import product
from random import Random

import pytest

from rexian.directory.models import Area, CatalogueLine, Category
from rexian.directory.queries import lines_on, responsible
from rexian.directory.resolving import Responsible, chain
from tests.factories import TODAY, Town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(5))
def test_memory_and_database_agree_on_every_place(town: Town, seed: int) -> None:
    random = Random(seed)
    CatalogueLine.objects.all().delete()
    places = list(product(Category.objects.all(), [None, *Area.objects.all()]))
    for number, (category, area) in enumerate(random.sample(places, 7), 1):
        lead = random.choice([town.water, town.other])
        CatalogueLine.objects.create(number=number, category=category, area=area, lead=lead, since=date(2026, 1, 1))
    memory = Responsible(
        {(line.category_id, line.area_id): line.lead_id for line in lines_on(TODAY)},
        dict(Category.objects.values_list("pk", "parent")),
        dict(Area.objects.values_list("pk", "parent")),
    )
    for category, area in places:
        line = responsible(category, area, TODAY)
        assert memory.of(category.pk, area.pk if area else None) == (line.lead_id if line else None)


def test_a_chain_goes_up_to_the_root() -> None:
    assert list(chain(3, {3: 2, 2: 1, 1: None})) == [3, 2, 1]
    assert list(chain(None, {})) == []
