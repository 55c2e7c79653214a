# SPDX-License-Identifier: Apache-2.0
"""Widgets drawn without templates are what Django's templates draw."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from rexian.web.widgets import DRAWN, Renderer

BAD = """<b>"O'Neil" & 热线</b>"""
CHOICES = [("", "—"), ("a", BAD), (BAD, "乙"), ("组 <i>", [("1", "一"), ("2", "二")])]
FLAT = [(1, "一"), (2, BAD)]
WIDGETS: list[tuple[forms.Widget, list[Any]]] = [
    *((kind(), [None, "", BAD, 7]) for kind in (forms.TextInput, forms.HiddenInput, forms.NumberInput)),
    *((kind(), [None, BAD]) for kind in (forms.PasswordInput, forms.EmailInput, forms.URLInput, forms.Textarea)),
    (forms.TextInput(attrs={"required": True, "readonly": False, "maxlength": 1200, "title": BAD}), ["x"]),
    (forms.DateInput(attrs={"type": "date"}), [None, date(2026, 11, 5)]),
    (forms.CheckboxInput(), [None, True, False]),
    (forms.Select(choices=CHOICES), [None, "", "a", BAD, "2"]),
    (forms.NullBooleanSelect(), [None, True]),
    (forms.SelectMultiple(choices=CHOICES), [None, ["a", "2"]]),
    (forms.RadioSelect(choices=FLAT), [None, 2]),
    (forms.CheckboxSelectMultiple(choices=FLAT), [None, [1, 2]]),
    (forms.ClearableFileInput(), [None]),
]


@pytest.mark.parametrize(("widget", "value"), [(widget, value) for widget, values in WIDGETS for value in values])
def test_the_markup_is_that_of_the_templates(widget: forms.Widget, value: Any) -> None:
    drawn, told = (
        widget.render("名 <n>", value, attrs={"id": 'id_"n"'}, renderer=renderer)
        for renderer in (Renderer(), DjangoTemplates())
    )
    assert parse_html(drawn) == parse_html(told)
    assert hasattr(drawn, "__html__")


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_a_box_by_itself(kind: type[forms.RadioSelect]) -> None:
    """As pages of filters draw them: each tag by itself, its label written by the page."""

    class Boxes(forms.Form):
        box = forms.MultipleChoiceField(choices=FLAT, widget=kind)

    tags = [
        [one.tag() for one in Boxes({"box": ["2"]}, renderer=renderer)["box"]]
        for renderer in (Renderer(), DjangoTemplates())
    ]
    assert tags[0] == tags[1]


def test_every_name_is_a_template_of_django() -> None:
    """A widget whose template Django names anew would be drawn slowly, and nobody would notice."""
    for name in DRAWN:
        assert DjangoTemplates().get_template(name)
