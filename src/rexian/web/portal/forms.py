# SPDX-License-Identifier: Apache-2.0
"""What a citizen fills in."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from rexian.directory.coordinates import Datum, to_wgs84
from rexian.directory.models import Kind
from rexian.directory.queries import area_at, city
from rexian.intake.actions import Submission
from rexian.orders.models import Grade
from rexian.web.forms import area_field, style
from rexian.web.work.acts import YES_NO

KIND_HINTS = {
    "help": _("需要帮忙解决"),
    "consult": _("想问政策、流程"),
    "complaint": _("对服务不满意"),
    "report": _("反映违法行为"),
    "suggestion": _("希望改进"),
    "praise": _("感谢某人某事"),
}


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    widget = ManyFiles(attrs={"accept": "image/*,.pdf,.docx,.xlsx,.mp3,.mp4"})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in given]


class Request(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("您遇到了什么事"),
        help_text=_("写清楚在哪里、什么时候、希望怎样解决。"),
        max_length=10_000,
        widget=forms.Textarea(
            attrs={"rows": 5, "autocomplete": "off"}
        ),  # else "back" fills a new form with the old text
        error_messages={"required": _("请写下您遇到的事。")},
    )
    kind = forms.ChoiceField(label=_("这是哪一类"), choices=Kind.choices, initial="help", widget=forms.RadioSelect)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    area = area_field(label=_("在哪个区或街道"), required=False, help_text=_("写几个字，从列表中选，如“河东区”"))
    address = forms.CharField(label=_("详细地点"), required=False, max_length=200)
    happened = forms.CharField(label=_("什么时候"), required=False, max_length=100)
    name = forms.CharField(label=_("怎么称呼您"), required=False, max_length=64)
    telephone = forms.CharField(
        label=_("手机号"),
        max_length=30,
        help_text=_("只有承办人员能看到，用来告诉您结果。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请留下手机号，我们用它告诉您结果。")},
    )
    photos = Files(
        label=_("照片或文件"), required=False, help_text=_("最多 9 个，每个不超过 10 MB。照片里的位置信息会去掉。")
    )
    confidential = forms.BooleanField(label=_("请为我保密（承办单位看不到我是谁）"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)
        self.initial.setdefault("key", uuid.uuid4())

    @property
    def kinds(self) -> list[tuple[str, Any, Any, bool]]:
        """Value, label, hint, chosen."""
        chosen = self["kind"].value()
        return [(value, Kind(value).label, hint, value == chosen) for value, hint in KIND_HINTS.items()]

    def clean(self) -> dict[str, Any]:
        """A point on the map is kept in WGS 84, and tells the area where none is written."""
        data = super().clean() or self.cleaned_data
        longitude, latitude = data.get("longitude"), data.get("latitude")
        if longitude is None or latitude is None:
            return data | {"longitude": None, "latitude": None}
        longitude, latitude = to_wgs84((longitude, latitude), Datum(city().tiles_datum))
        area = data.get("area") or area_at((longitude, latitude))
        return data | {"longitude": round(longitude, 6), "latitude": round(latitude, 6), "area": area}

    def submission(self) -> Submission:
        data = self.cleaned_data
        names = [
            "text",
            "kind",
            "name",
            "telephone",
            "address",
            "happened",
            "area",
            "longitude",
            "latitude",
            "confidential",
        ]
        files = [(one.name or "", one.read()) for one in data["photos"]]
        return Submission(
            source="web", key=str(data["key"]), channel="web", files=files, **{name: data[name] for name in names}
        )


class Find(forms.Form):
    number = forms.CharField(label=_("工单号"), max_length=40)
    code = forms.CharField(
        label=_("查询码"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)


class Text(forms.Form):
    text = forms.CharField(
        label=_("补充内容"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3, "class": "input"})
    )


class Reason(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3, "class": "input"})
    )


class Rating(forms.Form):
    grade = forms.TypedChoiceField(
        label=_("您满意吗"),
        choices=Grade.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一级。")},
    )
    solved = forms.TypedChoiceField(
        label=_("问题解决了吗"),
        choices=YES_NO,
        required=False,
        coerce=lambda value: value == "True",
        empty_value=None,
        widget=forms.Select(attrs={"class": "input"}),
    )
    remark = forms.CharField(
        label=_("还想说什么"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "input"}),
    )


ACTS: dict[str, type[forms.Form]] = {
    "supplement": Text,
    "rate": Rating,
    "add": Text,
    "urge": Reason,
    "reopen": Reason,
    "appeal": Reason,
}
"""What a citizen can do with an order, by edge, in the page's order."""
