# SPDX-License-Identifier: Apache-2.0
"""The five elements as the desk hears them."""

import pytest

from rexian.intake.elements import heard
from rexian.orders import clock
from tests.factories import Town
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db
SAID = "王女士来电反映，河东区春和街道从昨晚八点停水，因主管爆裂，希望尽快恢复。"


def test_what_the_text_says_goes_to_its_fields(town: Town) -> None:
    found = heard(SAID, clock.now())
    assert (found["name"], found["area"]) == ("王女士", "春和街道")
    assert found["happened"].startswith("昨晚八点")
    assert "主管爆裂" in found["cause"]
    assert heard("谢谢", clock.now()) == {}


def test_the_desk_offers_to_fill_them_in(town: Town) -> None:
    page = signed_in("agent").post("/desk/assist/", {"text": SAID}).content.decode()
    assert "data-fill=" in page
    assert "王女士" in page
