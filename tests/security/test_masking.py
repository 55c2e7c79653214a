# SPDX-License-Identifier: Apache-2.0
"""What each post sees of personal data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.security.identity import By
from rexian.security.masking import SORTS, mask, show
from rexian.security.posts import Outsider, Post

VALUES = {
    "name": "王小明",
    "telephone": "13800138000",
    "id_number": "11010519491231002X",
    "address": "春和小区3号楼2单元501室",
}


@pytest.mark.parametrize(
    ("sort", "value", "shown"),
    [
        ("name", "王小明", "王**"),
        ("name", "王", "王*"),
        ("telephone", "13800138000", "138****8000"),
        ("telephone", "5551234", "*****34".replace("*****", "***")),
        ("id_number", "11010519491231002X", "1****************X"),
        ("address", "春和小区3号楼2单元501室", "春和小区***"),
    ],
)
def test_masks(sort: str, value: str, shown: str) -> None:
    assert mask(sort, value) == shown


@given(st.sampled_from(SORTS), st.text(min_size=3, max_size=40))
def test_a_mask_never_shows_the_whole(sort: str, value: str) -> None:
    assert mask(sort, value) != value or "*" in value


@pytest.mark.parametrize("post", Post)
def test_no_post_sees_a_number_whole_without_asking(post: Post) -> None:
    by = By(role=post)
    for sort in ("telephone", "id_number"):
        assert show(sort, VALUES[sort], by) != VALUES[sort]


@pytest.mark.parametrize("role", [Post.EDITOR, Post.STEWARD, Post.ADMINISTRATOR, Outsider.SYSTEM, Outsider.CITIZEN])
def test_who_has_no_business_with_people_sees_nothing(role: Post | Outsider) -> None:
    assert {show(sort, value, By(role=role)) for sort, value in VALUES.items()} == {""}
    assert show("name", "王小明", None) == ""
