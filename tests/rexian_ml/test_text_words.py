# SPDX-License-Identifier: Apache-2.0
"""A city's own words add to what is known of a text, and hide nothing."""

from rexian_ml.text import add_words, content_words, index_words, search_words, words

TEXT = "沁墨坊街道的自来水总公司电话没人接"


def test_what_is_taught_adds_and_hides_nothing() -> None:
    before, searched, indexed = set(content_words(TEXT)), search_words(TEXT), set(index_words(TEXT))
    assert "沁墨坊街道" not in words(TEXT)
    add_words(["沁墨坊街道", "自来水总公司", "总", ""])
    assert "沁墨坊街道" in words(TEXT)
    assert before | {"沁墨坊街道", "自来水总公司"} == set(content_words(TEXT))
    assert set(search_words(TEXT)) == set(searched), "what was indexed before is found as before"
    assert set(index_words(TEXT)) == indexed | {"沁墨坊街道", "自来水总公司"}


def test_a_word_within_a_word_and_one_taught_twice() -> None:
    plain = content_words("漪澜渡口服务驿站")
    add_words(["漪澜渡口", "漪澜渡口服务驿站"])
    add_words(["漪澜渡口"])
    assert set(plain) < set(content_words("漪澜渡口服务驿站"))
    assert search_words("漪澜渡口") == [one for one in search_words("漪澜渡口") if one != "漪澜渡口"]


def test_the_written_form_is_one() -> None:
    add_words(["ＡＢＣ产业园"])
    assert "abc产业园" in words("abc产业园门口积水")
