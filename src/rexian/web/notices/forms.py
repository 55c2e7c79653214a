# SPDX-License-Identifier: Apache-2.0
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rexian.notices.kinds import ALWAYS, BESIDE, RULES, Desk, Kind
from rexian.notices.labels import KINDS
from rexian.notices.models import Sound
from rexian.notices.queries import desks_of
from rexian.security.identity import By


def kinds_of(by: By) -> list[Kind]:
    """The kinds that somebody of `by`'s post may be told of and may choose, in their order."""
    desks = desks_of(by)
    holders = {Desk.DISPATCH, Desk.REVIEW, Desk.DEPARTMENT, Desk.VISIT}
    reached = {
        kind
        for rules in RULES.values()
        for kind, desk in rules
        if desk in desks or (desk is None and holders & set(desks))
    }
    reached |= {kind for kind, told in BESIDE.items() if told & set(desks)}
    return [kind for kind in Kind if kind in reached - ALWAYS]


class Choices(forms.Form):
    """How one wants to be told."""

    kinds = forms.MultipleChoiceField(
        label=_("提醒哪些"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("危险警情总会提醒。左侧的待办数与这里的选择无关。"),
    )
    sound = forms.ChoiceField(
        label=_("声音"),
        choices=Sound.choices,
        widget=forms.RadioSelect,
        help_text=_("浏览器要求先在网页上点一下或按一个键，之后才会响。"),
    )
    title = forms.BooleanField(label=_("网页标题显示条数"), required=False)
    desktop = forms.BooleanField(
        label=_("桌面通知"), required=False, help_text=_("网页不在眼前时由系统弹出，只写种类，不写工单内容。")
    )

    def __init__(self, *args: Any, by: By, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kinds"]
        kinds.choices = [(kind.value, KINDS[kind]) for kind in kinds_of(by)]
