# SPDX-License-Identifier: Apache-2.0
"""The widgets of forms without templates: a page of filters has ninety of them, and Django renders each by three templates.

The markup is that of django/forms/templates/django/forms/widgets; a test holds it to them. What is not here is rendered by its template.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape as escape

Widget = Mapping[str, Any]


def attributes(widget: Widget) -> str:
    """The attributes of an element, each with a blank before it: True stands alone, False not at all."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def field(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{escape(str(widget["value"]))}"'
    return f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{value}{attributes(widget)}>'


def labelled(widget: Widget) -> str:
    """One box or button of several, inside its label where that is wanted."""
    if not widget.get("wrap_label"):
        return field(widget)
    of = f' for="{escape(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f"<label{of}>{field(widget)} {escape(widget['label'])}</label>"


def area(widget: Widget) -> str:
    return f'<textarea name="{escape(widget["name"])}"{attributes(widget)}>\n{escape(widget["value"] or "")}</textarea>'


def option(widget: Widget) -> str:
    return f'<option value="{escape(str(widget["value"]))}"{attributes(widget)}>{escape(widget["label"])}</option>'


def choice(widget: Widget) -> str:
    groups = (_group(name, "".join(map(option, options))) for name, options, _index in widget["optgroups"])
    return f'<select name="{escape(widget["name"])}"{attributes(widget)}>{"".join(groups)}</select>'


def _group(name: str | None, options: str) -> str:
    return f'<optgroup label="{escape(name)}">{options}</optgroup>' if name else options


FOLDER = "django/forms/widgets/"
INPUTS = ("checkbox", "date", "email", "hidden", "input", "number", "password", "text", "url")
DRAWN: dict[str, Callable[[Widget], str]] = {f"{FOLDER}{name}.html": field for name in INPUTS}
DRAWN |= {f"{FOLDER}{name}.html": labelled for name in ("checkbox_option", "radio_option")}
DRAWN |= {f"{FOLDER}textarea.html": area, f"{FOLDER}select.html": choice}
"""By Django's template: what draws the widget in its place."""


class Renderer(DjangoTemplates):
    """Draws the widgets of DRAWN by themselves, everything else by its template."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The markup, in which everything is escaped; whoever asks for it marks it as safe."""
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
