# SPDX-License-Identifier: Apache-2.0
"""The message catalogue: what pages say, found in code and templates, beside its English.

    python tools/messages.py          brings src/rexian/locale/en/LC_MESSAGES/django.po up to date
    python tools/messages.py --check  lists what has no English; exit status 1 if there is any

Django's own templatize turns templates into something that Babel can read. No system package is needed.
"""

import ast
import io
import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

from catalogue import PO, SOURCE, catalogue, compile_catalogue

HEADER = """\
# SPDX-License-Identifier: Apache-2.0
# The pages of Rexian in English."""
KEYWORDS = {
    **dict.fromkeys(("_", "_t", "gettext", "gettext_lazy", "gettext_noop"), (0,)),
    "ngettext": (0, 1),
    "_edge": (4,),  # orders.workflow: why an edge is there
}
"""Functions that take messages, and which of their arguments are the message (and its plural)."""
Message = str | tuple[str, ...]


def found() -> Iterator[tuple[str, Message]]:
    """(place, message) of everything that pages say; places are files without lines, so that the catalogue changes only with the words."""
    for path in sorted((*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"))):
        text = path.read_text(encoding="utf-8")
        for message in in_template(text) if path.suffix == ".html" else in_code(text):
            yield str(path.relative_to(SOURCE)), message


def in_code(text: str) -> Iterator[Message]:
    """The messages of Python source."""
    for node in ast.walk(ast.parse(text)):
        places = KEYWORDS.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and places and len(node.args) > places[-1]:
            said = [one.value for one in (node.args[at] for at in places) if isinstance(one, ast.Constant)]
            if len(said) == len(places) and all(isinstance(one, str) and one.strip() for one in said):
                yield said[0] if len(said) == 1 else tuple(said)


def in_template(text: str) -> Iterator[Message]:
    """The messages of a Django template."""
    flush = "\n".join(line.strip() for line in templatize(text).splitlines())  # indents of HTML are none of Python's
    python = io.BytesIO(flush.encode())
    for _line, message, _comments, _context in extract(
        "python", python, keywords={"_": None, "gettext": None, "ngettext": (1, 2)}
    ):
        if message and (message if isinstance(message, str) else message[0]).strip():
            yield message


def template() -> Catalog:
    """All messages with their places, without English."""
    catalog = Catalog(locale="en", charset="utf-8")
    for place, message in found():
        catalog.add(message, locations=[(place, None)])
    return catalog


def missing() -> list[str]:
    """Messages of code and templates that have no English, or one that nobody has looked at."""
    written = catalogue()
    lacking = []
    for message in template():
        known = written.get(message.id) if message.id else None
        said = known.string if known is not None else ""
        if message.id and (known is None or known.fuzzy or not all([said] if isinstance(said, str) else said)):
            lacking.append(message.id if isinstance(message.id, str) else message.id[0])
    return lacking


def update() -> None:
    """Adds new messages, drops those that are said nowhere any more, keeps the English."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    written = catalogue() if PO.exists() else Catalog(locale="en", domain="django")
    written.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    written.header_comment, written.fuzzy = HEADER, False
    written.project, written.version = "Rexian", ""
    written.obsolete.clear()
    with PO.open("wb") as file:
        write_po(
            file, written, width=140, sort_output=True, ignore_obsolete=True, include_lineno=False, omit_header=False
        )


def main() -> None:
    if "--check" not in sys.argv:
        update()
        compile_catalogue()
    lacking = missing()
    print("\n".join(lacking) or "every message has its English")
    sys.exit(1 if lacking and "--check" in sys.argv else 0)


if __name__ == "__main__":
    main()
