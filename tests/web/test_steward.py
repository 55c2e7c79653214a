# SPDX-License-Identifier: Apache-2.0
"""The access review."""

import pytest

from rexian.security.actions import record_access
from tests.factories import Town
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def test_every_look_is_listed_and_found(town: Town) -> None:
    record_access(by=town.by("clerk"), act="reveal", subject="990100-1", fields="telephone", reason="联系核实")
    record_access(by=town.by("agent"), act="search", subject="…8000", fields="telephone", reason="按电话搜索")
    steward = signed_in("steward")
    page = steward.get("/steward/access/").content.decode()
    assert page.index("…8000") < page.index("990100-1"), "the newest first"
    assert "联系核实" in steward.get("/steward/access/", {"who": "clerk"}).content.decode()
    assert "联系核实" not in steward.get("/steward/access/", {"act": "search"}).content.decode()
    assert "联系核实" in steward.get("/steward/access/", {"subject": "990100-1"}).content.decode()
    assert signed_in("leader").get("/steward/access/").status_code == 403


def test_what_each_post_may_see_is_what_the_code_decides(town: Town) -> None:
    page = signed_in("administrator").get("/steward/access/posts/").content.decode()
    assert "遮住，写明理由可看全" in page
    assert page.count("<tr>") == 13
