# SPDX-License-Identifier: Apache-2.0
"""The forms of the administrator's pages."""

import re
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from rexian.directory.models import Area, Category, Department, Kind, LimitUnit
from rexian.orders.models import TextTemplate
from rexian.security.models import POST_LABELS
from rexian.security.posts import Post
from rexian.web.forms import day_field, style

_CODE = re.compile(r"[（(]([^（）()]+)[）)]$")


def coded(row: Model) -> str:
    """A row by its name and code: names repeat (every department has an office), codes do not."""
    return f"{getattr(row, 'full_name', '') or row.name}（{row.code}）"  # type: ignore[attr-defined]  # areas, departments, categories


class CodedField(forms.CharField):
    """A row of the directory, typed by name or code and completed by the browser as name（code）; a name that is not unique is refused."""

    def __init__(self, model: type[Any], **kwargs: Any) -> None:
        self.model, self.options = model, f"all-{model._meta.model_name}"
        super().__init__(
            widget=forms.TextInput(attrs={"list": self.options, "autocomplete": "off"}), max_length=300, **kwargs
        )

    def names(self) -> list[str]:
        """What the browser completes from: the rows in use."""
        return [coded(row) for row in self.model.objects.filter(active=True)]

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        return self.find(text) if text else None

    def find(self, text: str) -> Any:
        code = found[1] if (found := _CODE.search(text)) else text
        row = self.model.objects.filter(code=code).first()
        rows = [row] if row else list(self.model.objects.filter(name=text, active=True)[:2])
        if len(rows) > 1:
            raise forms.ValidationError(_("不止一个叫“%(text)s”，请从列表中选。") % {"text": text})
        if not rows:
            raise forms.ValidationError(_("没有“%(text)s”，请从列表中选。") % {"text": text})
        return rows[0]

    def prepare_value(self, value: Any) -> Any:
        return coded(value) if isinstance(value, Model) else value


class CodedManyField(CodedField):
    """Several rows, divided by 、 or commas."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        return [self.find(part.strip()) for part in re.split("[、，,;；]", text) if part.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(coded(row) for row in value) if isinstance(value, list) else value


class AdminForm(forms.Form):
    """A form in the look of the page; `lists` are what its fields complete from. `fixed` fields identify a row and are not changed."""

    fixed: tuple[str, ...] = ()

    def __init__(self, *args: Any, row: Model | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        for name in self.fixed if row is not None else ():
            del self.fields[name]
        style(self)

    @property
    def lists(self) -> dict[str, list[str]]:
        return {one.options: one.names() for one in self.fields.values() if isinstance(one, CodedField)}


class DepartmentForm(AdminForm):
    fixed = ("code",)
    code = forms.CharField(label=_("代码"), max_length=32)
    name = forms.CharField(label=_("名称"), max_length=64)
    short = forms.CharField(label=_("简称"), max_length=32, required=False)
    parent = CodedField(Department, label=_("上级"), required=False)
    area = CodedField(Area, label=_("辖区"), required=False)
    internal = forms.BooleanField(label=_("内设机构"), required=False)
    contact = forms.CharField(label=_("联系人"), max_length=64, required=False)
    telephone = forms.CharField(label=_("办公电话"), max_length=32, required=False)
    duties = forms.CharField(label=_("职责"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    active = forms.BooleanField(label=_("启用（停用连同下级）"), required=False, initial=True)


class CategoryForm(AdminForm):
    fixed = ("code",)
    code = forms.CharField(label=_("代码"), max_length=32)
    name = forms.CharField(label=_("名称"), max_length=64)
    parent = CodedField(Category, label=_("上级"), required=False)
    keywords = forms.CharField(label=_("关键词"), required=False, help_text=_("用顿号或空格分开"), max_length=2000)
    default_kind = forms.ChoiceField(label=_("默认性质"), choices=[("", "—"), *Kind.choices], required=False)
    service = forms.CharField(
        label=_("服务类别"), max_length=16, required=False, help_text=_("规则包按它另定时限，如 utility：水电气热")
    )
    limit = forms.IntegerField(
        label=_("办理时限"), min_value=1, max_value=30_000, required=False, help_text=_("留空按规则包")
    )
    limit_unit = forms.ChoiceField(label=_("时限单位"), choices=[("", "—"), *LimitUnit.choices], required=False)
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    active = forms.BooleanField(label=_("启用（停用连同下级）"), required=False, initial=True)

    def clean_keywords(self) -> list[str]:
        return list(dict.fromkeys(filter(None, re.split(r"[\s、，,;；]+", self.cleaned_data["keywords"]))))


class AreaForm(AdminForm):
    fixed = ("code",)
    code = forms.CharField(
        label=_("代码"), max_length=9, help_text=_("六位区划代码，街道、乡镇九位；级别和上级由它而来")
    )
    name = forms.CharField(label=_("名称"), max_length=64)
    longitude = forms.FloatField(label=_("经度"), required=False)
    latitude = forms.FloatField(label=_("纬度"), required=False)
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)


class StaffForm(AdminForm):
    fixed = ("username",)
    username = forms.CharField(label=_("账号"), max_length=64)
    name = forms.CharField(label=_("姓名"), max_length=64)
    number = forms.CharField(label=_("工号"), max_length=16)
    post = forms.ChoiceField(label=_("岗位"), choices=[(one.value, POST_LABELS[one]) for one in Post])
    department = CodedField(
        Department, label=_("部门"), required=False, help_text=_("承办岗位必填：看得到它和下级的工单")
    )
    areas = CodedManyField(
        Area, label=_("区域"), required=False, help_text=_("只看这些区域的工单；留空看全市。几个用顿号分开")
    )
    extension = forms.CharField(label=_("分机"), max_length=16, required=False)


class StaffFilter(AdminForm):
    q = forms.CharField(label=_("账号、姓名或工号"), required=False, max_length=64)
    post = forms.ChoiceField(
        label=_("岗位"), required=False, choices=[("", _("全部")), *((one.value, POST_LABELS[one]) for one in Post)]
    )
    department = CodedField(Department, label=_("部门（及其下）"), required=False)
    ended = forms.BooleanField(label=_("只看停用的"), required=False)


class LineForm(AdminForm):
    fixed = ("category", "area")
    category = CodedField(Category, label=_("分类"))
    area = CodedField(Area, label=_("区域"), required=False, help_text=_("留空为全市"))
    lead = CodedField(Department, label=_("主办单位"))
    assisting = CodedManyField(Department, label=_("协办单位"), required=False, help_text=_("几个单位用顿号分开"))
    since = day_field(label=_("生效日期"))
    basis = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("如三定方案、会议纪要"))


class EndForm(AdminForm):
    until = day_field(label=_("失效日期"))


class CatalogueFilter(AdminForm):
    category = CodedField(Category, label=_("分类（及其下）"), required=False)
    area = CodedField(Area, label=_("区域（及其下）"), required=False)
    past = forms.BooleanField(label=_("连同已失效的"), required=False)


class PackForm(AdminForm):
    key = forms.CharField(widget=forms.HiddenInput, max_length=32)
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("谁、换成哪个、为什么，会被记录"))


class DayForm(AdminForm):
    day = day_field(label=_("日期"))
    working = forms.ChoiceField(label=_("这一天"), choices=[("", _("放假")), ("1", _("上班"))], required=False)
    reason = forms.CharField(label=_("原因"), max_length=100)

    def clean_working(self) -> bool:
        return bool(self.cleaned_data["working"])


class NoticeForm(AdminForm):
    text = forms.CharField(label=_("通知全文"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 10}))
    year = forms.IntegerField(
        label=_("年份"), required=False, min_value=2000, max_value=2100, help_text=_("正文没有标题时填")
    )


class ThresholdForm(AdminForm):
    above = forms.FloatField(
        label=_("置信度（%）"), required=False, min_value=50.1, max_value=100, help_text=_("留空为不自动派单")
    )
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("谁、改成多少、为什么，会被记录"))


class TextForm(AdminForm):
    fixed = ("edge", "name")
    edge = forms.ChoiceField(label=_("用于"), choices=TextTemplate._meta.get_field("edge").choices or ())
    name = forms.CharField(label=_("名称"), max_length=40)
    text = forms.CharField(label=_("内容"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)


class UploadForm(AdminForm):
    file = forms.FileField(label=_("CSV 文件"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))
    complete = forms.BooleanField(label=_("这是完整名单，没有写的停用"), required=False)
