# SPDX-License-Identifier: Apache-2.0
"""Every static file that a template names is there, and the style sheet stays small."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from rexian import web

TEMPLATES = Path(web.__file__).parent / "templates"


def test_every_static_file_is_there() -> None:
    named = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r"static '([^']+)'", file.read_text(encoding="utf-8"))
    }
    assert len(named) >= 5
    assert {name for name in named if finders.find(name) is None} == set()


def test_no_inline_style_or_script() -> None:
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<style|<[a-z][^>]*\s(style|on[a-z]+)=|<script(?![^>]*\ssrc=)", text), file.name


def test_the_style_sheet_is_under_20_kb() -> None:
    assert (TEMPLATES.parent / "static/rexian/rexian.css").stat().st_size < 20_000
