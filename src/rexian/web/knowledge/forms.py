# SPDX-License-Identifier: Apache-2.0
"""What is filled in on the pages of the knowledge base."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rexian.directory import clock
from rexian.directory.models import Kind
from rexian.knowledge.actions import LONGEST, Content
from rexian.knowledge.labels import FIELDS
from rexian.knowledge.models import Version
from rexian.knowledge.queries import Filter
from rexian.web.forms import (
    area_field,
    areas_field,
    categories_field,
    category_field,
    day_field,
    department_field,
    style,
)


def _text(name: str, rows: int, hint: Any = "", *, required: bool = True, most: int | None = None) -> forms.CharField:
    return forms.CharField(
        label=FIELDS[name],
        help_text=hint,
        required=required,
        max_length=most or LONGEST[name],
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ArticleForm(forms.Form):
    """A version as it is written; `base` is the number of the version that it was opened from."""

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)
    title = forms.CharField(label=FIELDS["title"], max_length=LONGEST["title"])
    questions = _text("questions", 3, _("市民会怎么问，一行一个；搜索和话务台靠它找到这篇"), required=False, most=4_000)
    body = _text("body", 14, _("空行分段，“## ”开头是小标题，“- ”或“1. ”开头是列表，**两个星号**之间加粗"))
    basis = _text("basis", 2, _("法规、文件的名称、文号和条款"), required=False)
    department = department_field(label=FIELDS["department"], help_text=_("对内容负责的单位"))
    categories = categories_field(
        label=FIELDS["categories"], required=False, max_length=2_000, help_text=_("几个分类用顿号分开")
    )
    areas = areas_field(
        label=FIELDS["areas"], required=False, max_length=2_000, help_text=_("不写就是全市；几个区域用顿号分开")
    )
    kinds = forms.MultipleChoiceField(
        label=FIELDS["kinds"], required=False, choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    valid_from = day_field(label=FIELDS["valid_from"])
    valid_until = day_field(
        label=FIELDS["valid_until"], help_text=_("不写就是一直有效；到期前 30 天和 7 天提醒"), required=False
    )
    public = forms.BooleanField(label=_("向市民公开（不勾就只给工作人员看）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)
        self.initial.setdefault("valid_from", clock.today())

    def content(self) -> Content:
        """What the action takes of the form."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "base"}
        return Content(**data | {"questions": data["questions"].splitlines()})


def begun(version: Version) -> dict[str, Any]:
    """What stands in the form when a version is opened."""
    told = {name: getattr(version, name) for name in ArticleForm.base_fields if name != "base"}
    rows = {name: list(getattr(version, name).all()) for name in ("categories", "areas")}
    return told | rows | {"base": version.number, "questions": "\n".join(version.questions)}


class Reason(forms.Form):
    reason = _text("reason", 3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class Narrowing(forms.Form):
    """What the list is narrowed to."""

    q = forms.CharField(required=False, max_length=100)
    department = department_field(label=FIELDS["department"], required=False)
    category = category_field(label=FIELDS["categories"], required=False)
    area = area_field(label=FIELDS["areas"], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)

    def filter(self, state: str) -> Filter:
        """A field that is wrong narrows nothing; the page says so beside it."""
        self.is_valid()
        told = self.cleaned_data
        names = ("department", "category", "area")
        return Filter(
            words=told.get("q", self.data.get("q", "")[:100]), state=state, **{name: told.get(name) for name in names}
        )
