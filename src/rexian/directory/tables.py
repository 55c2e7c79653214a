# SPDX-License-Identifier: Apache-2.0
"""The directory's tables as CSV files: their columns, with the headings by which they go, and how each cell is read. Pure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.directory.models import Kind, LimitUnit
from rexian.security.models import POST_LABELS


class Wrong(Exception):  # noqa: N818
    """A cell that its column does not take; the message says why."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, its heading, the other headings by which it goes, whether a cell may be empty, and how its text is read."""

    name: str
    title: str | Promise
    aliases: tuple[str, ...] = ()
    required: bool = False
    read: Callable[[str], Any] = str

    @property
    def headings(self) -> set[str]:
        return {self.name, str(self.title), *self.aliases}


@dataclass(frozen=True, slots=True)
class Table:
    """A table that goes in and out as CSV; `key` names the columns that tell a row from every other."""

    name: str
    title: str | Promise
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)

    def title_of(self, name: str) -> str:
        """The heading of a field; "" for what is no column."""
        return next((str(column.title) for column in self.columns if column.name == name), "")


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise Wrong(_("应为数字")) from None


def _whole(text: str) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Wrong(_("应为正整数"))
    return int(text) if text else None


def _yes(text: str) -> bool:
    if text.lower() in ("yes", "true", "1", "是"):
        return True
    if text.lower() in ("no", "false", "0", "否", ""):
        return False
    raise Wrong(_("应为“是”或“否”"))


def _in_use(text: str) -> bool:
    return _yes(text) if text else True


def _day(text: str) -> date | None:
    """2026-01-31, and 2026/1/31 as spreadsheets write it."""
    if not text:
        return None
    try:
        year, month, day = text.replace("/", "-").split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Wrong(_("应为 2026-01-31 这样的日期")) from None


def _one_of(choices: Mapping[str, Any]) -> Callable[[str], str]:
    def read(text: str) -> str:
        known = {**{code: code for code in choices}, **{str(label): code for code, label in choices.items()}}
        if text and text not in known:
            raise Wrong(_("应为 %(choices)s 之一") % {"choices": "、".join(str(label) for label in choices.values())})
        return known.get(text, "")

    return read


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise Wrong(_("不是 GeoJSON")) from None


def _words(text: str) -> list[str]:
    for mark in "、，,;；":
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))


_t = gettext_lazy
_CODE = Column("code", _t("代码"), ("编码", "编号"), required=True)
_NAME = Column("name", _t("名称"), required=True)
_ACTIVE = Column("active", _t("启用"), read=_in_use)

TABLES = {
    table.name: table
    for table in (
        Table(
            "areas",
            _t("区域"),
            (
                Column("code", _t("代码"), ("行政区划代码",), required=True),
                _NAME,
                Column("level", _t("级别"), read=_whole),
                Column("parent", _t("上级")),
                Column("longitude", _t("经度"), read=_number),
                Column("latitude", _t("纬度"), read=_number),
                Column("outline", _t("边界"), read=_json),
                _ACTIVE,
            ),
        ),
        Table(
            "departments",
            _t("部门"),
            (
                _CODE,
                _NAME,
                Column("short", _t("简称")),
                Column("parent", _t("上级")),
                Column("area", _t("辖区")),
                Column("internal", _t("内设机构"), read=_yes),
                Column("contact", _t("联系人")),
                Column("telephone", _t("办公电话"), ("电话",)),
                Column("duties", _t("职责")),
                _ACTIVE,
            ),
        ),
        Table(
            "categories",
            _t("分类"),
            (
                _CODE,
                _NAME,
                Column("level", _t("级别"), read=_whole),
                Column("parent", _t("上级")),
                Column("keywords", _t("关键词"), read=_words),
                Column("default_kind", _t("默认性质"), read=_one_of(dict(Kind.choices))),
                Column("service", _t("服务类别")),
                Column("limit", _t("办理时限"), read=_whole),
                Column("limit_unit", _t("时限单位"), read=_one_of(dict(LimitUnit.choices))),
                Column("note", _t("说明"), ("备注", "remark")),
                _ACTIVE,
            ),
        ),
        Table(
            "catalogue",
            _t("派单目录"),
            (
                Column("number", _t("序号"), read=_whole),
                Column("category", _t("分类"), ("分类代码",), required=True),
                Column("area", _t("区域"), ("区域代码",)),
                Column("lead", _t("主办单位"), required=True),
                Column("assisting", _t("协办单位"), read=_words),
                Column("since", _t("生效日期"), required=True, read=_day),
                Column("until", _t("失效日期"), read=_day),
                Column("basis", _t("依据")),
            ),
            key=("category", "area", "since"),
        ),
        Table(
            "staff",
            _t("人员"),
            (
                Column("username", _t("账号"), required=True),
                Column("name", _t("姓名"), required=True),
                Column("number", _t("工号"), required=True),
                Column(
                    "post",
                    _t("岗位"),
                    required=True,
                    read=_one_of({p.value: label for p, label in POST_LABELS.items()}),
                ),
                Column("department", _t("部门"), ("部门代码",)),
                Column("areas", _t("区域"), ("区域代码",), read=_words),
                Column("extension", _t("分机")),
                _ACTIVE,
            ),
            key=("username",),
        ),
        Table(
            "calendar",
            _t("工作日历"),
            (
                Column("day", _t("日期"), required=True, read=_day),
                Column("working", _t("上班"), required=True, read=_yes),
                Column("reason", _t("原因"), required=True),
                Column("national", _t("国务院通知"), read=_yes),
            ),
            key=("day",),
        ),
        Table(
            "citizens",
            _t("诉求人"),
            (
                Column("telephone", _t("电话"), ("手机", "手机号"), read=_words),
                Column("wechat", _t("微信"), read=_words),
                Column("id_number", _t("身份证号"), read=_words),
                Column("name", _t("姓名")),
                Column("salutation", _t("称呼")),
                Column("address", _t("住址"), ("地址",)),
            ),
            key=(),
        ),
    )
}
