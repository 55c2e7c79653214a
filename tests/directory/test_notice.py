# SPDX-License-Identifier: Apache-2.0
"""The State Council's notice of holidays, read from its text, against the library's calendar."""

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday

from rexian.directory.notice import read

HEAD = "国务院办公厅关于{year}年部分节假日安排的通知\n各省、自治区、直辖市人民政府：\n"
NOTICES = {
    2024: (
        "一、元旦：1月1日放假，与周末连休。\n"
        "二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。"
        "鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。\n"
        "三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。\n"
        "四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。\n"
        "五、端午节：6月10日放假，与周末连休。\n"
        "六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。\n"
        "七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。\n"
    ),
    2025: (
        "一、元旦：1月1日（周三）放假1天，不调休。\n"
        "二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。\n"
        "三、清明节：4月4日（周五）至6日（周日）放假，共3天。\n"
        "四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。\n"
        "五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。\n"
        "六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。\n"
    ),
    2026: (
        "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。\n"
        "二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。\n"
        "三、清明节：4月4日（周六）至6日（周一）放假，共3天。\n"
        "四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。\n"
        "五、端午节：6月19日（周五）至21日（周日）放假，共3天。\n"
        "六、中秋节：9月25日（周五）至27日（周日）放假，共3天。\n"
        "七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。\n"
    ),
}


def notice_of(year: int) -> str:
    return HEAD.format(year=year) + NOTICES[year]


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_the_year_is_as_the_library_knows_it(year: int) -> None:
    notice = read(notice_of(year))
    assert (notice.year, notice.problems) == (year, [])
    for n in range(365):
        day = date(year, 1, 1) + timedelta(days=n)
        works = day in notice.worked() or (day.weekday() < 5 and day not in notice.off())
        assert works == is_workday(day), day


def test_reasons_are_the_festivals() -> None:
    reasons = {one.reason for one in read(notice_of(2025)).days}
    assert reasons == {"元旦", "春节", "清明节", "劳动节", "端午节", "国庆节、中秋节"}


def test_without_heading_the_year_is_asked_for() -> None:
    assert read(NOTICES[2026]).problems == ["没有读到年份，请连标题一起粘贴。"]
    assert read(NOTICES[2026], 2026).days == read(notice_of(2026)).days


def test_new_year_may_begin_in_december() -> None:
    told = HEAD.format(year=2023) + "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。"
    plain = HEAD.format(year=2023) + "一、元旦：12月31日至1月2日放假调休，共3天。"
    for text in (told, plain):
        assert sorted(read(text).off()) == [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2)]


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("1月4日（周日）", "1月4日（周一）", "元旦：2026-01-04 写作周一，实为周日。"),
        ("共9天", "共8天", "春节：写作 8 天，日期合 9 天。"),
        ("4月4日（周六）至6日（周一）", "4月34日至36日", "没有“4月34日至36日”这一天"),
        ("10月1日（周四）至7日", "10月1日至11月7日", "不是一段日子"),
        ("六、中秋节：9月25日（周五）至27日（周日）放假，共3天。", "", "没有读到：中秋节。"),
        ("5月9日（周六）上班", "5月1日（周五）上班", "2026-05-01 说了两次。"),
    ],
)
def test_what_does_not_agree_is_said(right: str, wrong: str, said: str) -> None:
    assert right in notice_of(2026)
    assert any(said in problem for problem in read(notice_of(2026).replace(right, wrong)).problems)


def test_other_text_has_no_days() -> None:
    notice = read("今天天气不错，3月5日（周四）开会。", 2026)
    assert notice.days == []
    assert len(notice.problems) == 1
