# SPDX-License-Identifier: Apache-2.0
"""The order form of the agent's desk: the five elements and what follows from them."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rexian.directory.models import Kind
from rexian.intake.actions import Submission
from rexian.orders.models import Urgency
from rexian.web.forms import area_field, category_field, department_field, departments_field, style


class NewOrder(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    telephone = forms.CharField(
        label=_("来电号码"), required=False, max_length=30, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    text = forms.CharField(label=_("诉求内容"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(label=_("谁"), required=False, max_length=64)
    happened = forms.CharField(label=_("何时"), required=False, max_length=100)
    area = area_field(label=_("何地（区域）"), required=False)
    address = forms.CharField(label=_("何地（详细）"), required=False, max_length=200)
    cause = forms.CharField(label=_("何因"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("性质"), required=False, choices=[("", _("按系统建议")), *Kind.choices])
    urgency = forms.ChoiceField(label=_("紧急程度"), required=False, choices=[("", _("按系统建议")), *Urgency.choices])
    category = category_field(label=_("分类"), required=False)
    lead = department_field(label=_("主办单位"), required=False)
    assisting = departments_field(label=_("协办单位"), required=False)
    reply_citizen = forms.CharField(
        label=_("直接答复"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("当场答复的写在这里"),
    )
    confidential = forms.BooleanField(label=_("保密"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style(self)
        self.initial.setdefault("key", uuid.uuid4())

    def submission(self) -> Submission:
        """What intake takes of the form."""
        data = self.cleaned_data
        names = (
            "text",
            "kind",
            "urgency",
            "name",
            "telephone",
            "address",
            "happened",
            "cause",
            "area",
            "category",
            "confidential",
        )
        return Submission(
            source="desk", key=str(data["key"]), channel="telephone", **{name: data[name] for name in names}
        )
