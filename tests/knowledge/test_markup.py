# SPDX-License-Identifier: Apache-2.0
"""Light markup: what it becomes, and that nothing of an author's own HTML gets through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.knowledge.markup import brief, html, plain

OURS = re.compile(
    r"</?(?:p|ul|ol|li|h3|strong|br|a)>|<ul class=\"dots\">|<ol class=\"steps\">|<li value=\"\d{1,3}\">"
    r"|<a href=\"https?://[^\"<>\s]+\" rel=\"noopener noreferrer\">"
)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("一\n二\n\n三", "<p>一<br>二</p><p>三</p>"),
        ("## 材料\n- 身份证\n- 户口本", '<h3>材料</h3><ul class="dots"><li>身份证</li><li>户口本</li></ul>'),
        ("1. 取号\n2、交费", '<ol class="steps"><li value="1">取号</li><li value="2">交费</li></ol>'),
        ("12.5元，**免费**", "<p>12.5元，<strong>免费</strong></p>"),
        (
            "[官网](https://a.example/?a=1&b=2)",
            '<p><a href="https://a.example/?a=1&amp;b=2" rel="noopener noreferrer">官网</a></p>',
        ),
        ("[坏](javascript:alert(1))", "<p>[坏](javascript:alert(1))</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("", ""),
    ],
)
def test_markup(text: str, becomes: str) -> None:
    assert html(text) == becomes


@given(st.text(alphabet="<>\"'&[]()*#-1. 、ab:/\nhttps汉", max_size=80))
def test_only_our_own_tags_come_out(text: str) -> None:
    rest = OURS.sub("", html(text))
    assert not set("<>") & set(rest), rest


def test_plain() -> None:
    assert plain("## 材料\n- **身份证**\n\n[官网](https://a.example)") == "材料\n- 身份证\n\n官网（https://a.example）"


def test_brief() -> None:
    assert brief("## 材料\n- **身份证**\n\n- 户口本") == "材料 身份证 户口本"
