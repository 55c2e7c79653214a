# SPDX-License-Identifier: Apache-2.0
"""The light markup of articles: to safe HTML, and to plain text for a reply. Pure; no HTML of the author's gets through.

Blank lines divide paragraphs; `## ` begins a heading, `- ` or `1. ` an item of a list; `**…**` is strong, `[text](https://…)` a link.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]\n]+)\]\((https?://[^\s()<>\"']+)\)")
_KINDS = {"## ": "heading", "- ": "bullet"}
_NUMBER = re.compile(r"(\d{1,3})(?:\. |、)")


def html(text: str) -> SafeString:
    """The text as HTML: headings are h3, links go to http and https only."""
    blocks = (
        _block(kind, [line for _kind, line in lines]) for kind, lines in groupby(_lines(text), lambda one: one[0])
    )
    return mark_safe("".join(blocks))  # noqa: S308  every line went through escape


def plain(text: str) -> str:
    """The text as it is said in a reply: without marks, a link as its text with the address in brackets."""
    unmarked = _LINK.sub(r"\1（\2）", _STRONG.sub(r"\1", text))
    return "\n".join(line.removeprefix("## ") for line in unmarked.splitlines()).strip()


def brief(text: str) -> str:
    """The text in one line, without marks of lists: for a line below a title."""
    lines = (line.strip().removeprefix("- ") for line in plain(text).splitlines())
    return " ".join(line for line in lines if line)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line with its kind; a blank line, of the kind "", divides what would run together."""
    for line in text.splitlines():
        stripped = line.strip()
        mark = next((mark for mark in _KINDS if stripped.startswith(mark)), "")
        number = _NUMBER.match(stripped)
        if mark:
            yield _KINDS[mark], stripped.removeprefix(mark)
        elif number:
            yield "number", stripped
        else:
            yield "text" if stripped else "", stripped


def _block(kind: str, lines: list[str]) -> str:
    told = [_inline(line) for line in lines]
    match kind:
        case "heading":
            return "".join(f"<h3>{line}</h3>" for line in told)
        case "bullet":
            return '<ul class="dots">' + "".join(f"<li>{line}</li>" for line in told) + "</ul>"
        case "number":  # numbers stay as they are written, across what stands between
            return (
                '<ol class="steps">'
                + "".join(_NUMBER.sub(r'<li value="\1">', f"{line}</li>", count=1) for line in told)
                + "</ol>"
            )
        case "text":
            return f"<p>{'<br>'.join(told)}</p>"
        case _:
            return ""


def _inline(line: str) -> str:
    safe = _STRONG.sub(r"<strong>\1</strong>", str(escape(line)))
    return _LINK.sub(r'<a href="\2" rel="noopener noreferrer">\1</a>', safe)
