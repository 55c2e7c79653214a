# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rexian.directory.telephone import normalise_id_number, normalise_telephone, normalise_wechat
from rexian.security.errors import Refusal


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("+8613800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("＋８６　１３８００１３８０００", "13800138000"),
        ("0990-5553001", "09905553001"),
        ("(0990) 555 3001", "09905553001"),
        ("（0990）5553001", "09905553001"),
        ("010-55531234", "01055531234"),
        ("+86 10 5553 1234", "01055531234"),
        ("+86 990 555 3001", "09905553001"),
        ("0086-021-55531234", "02155531234"),
        ("400-555-1234", "4005551234"),
        ("+852 5555 1234", "+85255551234"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, kept: str) -> None:
    assert normalise_telephone(written) == kept
    assert normalise_telephone(kept) == kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1380013800", "手机号少 1 位：应为 11 位数字。"),
        ("138001380", "手机号少 2 位"),
        ("138001380001", "手机号多 1 位"),
        ("12345678901", "没有以 12 开头的手机号。"),
        ("5553001", "座机号码请加区号"),
        ("不知道", "电话只能有数字。"),
        ("138001380O0", "电话只能有数字。"),
        ("١٣٨٠٠١٣٨٠٠٠", "电话只能有数字。"),
        ("  ", "请填写电话。"),
        ("99", "请写 11 位手机号"),
        ("0990-1553001", "请写 11 位手机号"),
        ("1" * 400, "手机号多"),
    ],
)
def test_what_is_no_number_is_told_in_chinese_at_its_field(written: str, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refusal:
        normalise_telephone(written, field="telephone2")
    assert refusal.value.field == "telephone2"


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        kept = normalise_telephone(text)
    except Refusal:
        return
    assert normalise_telephone(kept) == kept


@pytest.mark.parametrize("written", ["990102199003071234", "99010219900307123４"])
def test_an_identity_number_needs_its_check_digit(written: str) -> None:
    with pytest.raises(Refusal, match="校验位"):
        normalise_id_number(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("99010219900307123", "现有 17 位"),
        ("99010219901307123X", "出生日期"),
        ("9901021990030712AX", "只能有数字"),
        ("", "现有 0 位"),
    ],
)
def test_an_identity_number_says_what_is_wrong_with_it(written: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        normalise_id_number(written)


def test_an_identity_number_has_one_form() -> None:
    assert normalise_id_number(" 990102 19900307 125x ") == "99010219900307125X"
    assert normalise_id_number("９９０１０２１９９００３０７１２３３") == "990102199003071233"


def test_wechat_ids_are_letters_and_digits() -> None:
    assert normalise_wechat(" oGZUI0egBJY1zhBYw2KhdUfwVJJE ") == "oGZUI0egBJY1zhBYw2KhdUfwVJJE"
    for wrong in ("abc", "a b c d e f", "微信微信微信", "a" * 65, ""):
        with pytest.raises(Refusal, match="微信标识"):
            normalise_wechat(wrong)
