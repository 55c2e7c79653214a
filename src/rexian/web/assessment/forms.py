# SPDX-License-Identifier: Apache-2.0
"""What those who run surveys fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.assessment import queries, questionnaire
from rexian.assessment.actions.surveying import Guest
from rexian.assessment.ranking import weighting_names


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget)


class NewSurvey(forms.Form):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    opens = _moment(gettext_lazy("开始"))
    closes = _moment(gettext_lazy("截止"))
    own = forms.BooleanField(label=gettext_lazy("本市也填（由领导或管理员填写、签发）"), required=False, initial=True)


class Guests(forms.Form):
    guests = forms.CharField(
        label=gettext_lazy("邀请城市"),
        help_text=gettext_lazy("一行一个：城市，省份，联系邮箱。省份和邮箱可以不写。"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_guests(self) -> list[Guest]:
        lines = enumerate(self.cleaned_data["guests"].splitlines(), start=1)
        return [_guest(number, line) for number, line in lines if line.strip()]


def _guest(number: int, line: str) -> Guest:
    """City, province, mail address, divided by commas or tabs; a province may stand with or without its ending."""
    parts = [part.strip() for part in line.replace("，", ",").replace("\t", ",").split(",")]
    city, province, contact = (*parts, "", "")[:3]
    if "@" in province and not contact:
        province, contact = "", province
    codes = [option.code for option in questionnaire.load().by_id["province"].options]
    code = next((one for one in codes if province.startswith(one)), "")
    if not city or len(parts) > 3 or bool(province) != bool(code):
        raise forms.ValidationError(_("第 %(n)s 行看不懂：%(line)s。") % {"n": number, "line": line.strip()})
    return Guest(city, code, contact)


class Closes(forms.Form):
    closes = _moment(gettext_lazy("截止"))


class Judges(forms.Form):
    judges = forms.CharField(
        label=gettext_lazy("专家判断（层次分析法）"),
        help_text=gettext_lazy("两两比较的 TOML，格式见文档；空着就没有层次分析法的权重。"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
    )


class Reason(forms.Form):
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)


class View(forms.Form):
    """How a report is to be read."""

    weighting = forms.ChoiceField(label=gettext_lazy("权重"), required=False)
    everyone = forms.BooleanField(label=gettext_lazy("连同未签发的"), required=False)

    def __init__(self, weightings: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = weighting_names()
        self.fields["weighting"].choices = [(one, names[one]) for one in weightings]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, bool]:
        """The weighting and whether all count; what is not valid is as if it were not said."""
        data = self.cleaned_data if self.is_valid() else {}
        return data.get("weighting") or queries.WEIGHTINGS[0], bool(data.get("everyone"))
