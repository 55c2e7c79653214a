# SPDX-License-Identifier: Apache-2.0
"""Form fields that every page shares."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from rexian.directory.models import Area, Category, Department

T = TypeVar("T", bound=Model)


class NamedField(forms.CharField):
    """A row of the directory, typed by its name or code; the browser completes from the page's list of that name.

    `found` gives the rows that may be chosen, `names` the fields by which they are told.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any]], names: tuple[str, ...], options: str, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"list": options, "autocomplete": "off"})
        super().__init__(widget=widget, **{"max_length": 200} | kwargs)
        self.rows, self.names = rows, names

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.find(text) if text else None

    def find(self, text: str) -> Any:
        for name in self.names:
            row = self.rows().filter(**{name: text}).first()
            if row is not None:
                return row
        raise forms.ValidationError(_("没有“%(text)s”，请从列表中选。") % {"text": text})

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, self.names[0]) if isinstance(value, Model) else value


class NamedManyField(NamedField):
    """Several rows, divided by commas or spaces."""

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        return (
            [self.find(part) for part in text.replace("、", ",").replace("，", ",").split(",") if part.strip()]
            if text
            else []
        )

    def find(self, text: str) -> Any:
        return super().find(text.strip())

    def prepare_value(self, value: Any) -> Any:
        return "、".join(getattr(row, self.names[0]) for row in value) if isinstance(value, list) else value


def category_field(**kwargs: Any) -> NamedField:
    return NamedField(
        lambda: Category.objects.filter(active=True), ("full_name", "code", "name"), "categories", **kwargs
    )


def categories_field(**kwargs: Any) -> NamedManyField:
    return NamedManyField(
        lambda: Category.objects.filter(active=True), ("full_name", "code", "name"), "categories", **kwargs
    )


def areas_field(**kwargs: Any) -> NamedManyField:
    return NamedManyField(lambda: Area.objects.filter(active=True), ("name", "code"), "areas", **kwargs)


def area_field(**kwargs: Any) -> NamedField:
    return NamedField(lambda: Area.objects.filter(active=True), ("name", "code"), "areas", **kwargs)


def _outside() -> QuerySet[Department]:
    return Department.objects.filter(active=True, internal=False)


def department_field(**kwargs: Any) -> NamedField:
    return NamedField(_outside, ("name", "short", "code"), "departments", **kwargs)


def departments_field(**kwargs: Any) -> NamedManyField:
    return NamedManyField(_outside, ("name", "short", "code"), "departments", **kwargs)


def section_field(**kwargs: Any) -> NamedField:
    return NamedField(
        lambda: Department.objects.filter(active=True, internal=True), ("name", "code"), "sections", **kwargs
    )


def day_field(**kwargs: Any) -> forms.DateField:
    """A day, chosen in the browser's own calendar, which reads no other form than ISO 8601."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def style(form: forms.Form) -> forms.Form:
    """Gives every input of a form the look of the page."""
    for one in form.fields.values():
        if not isinstance(one.widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            one.widget.attrs.setdefault("class", "input")
    return form
