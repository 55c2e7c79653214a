# SPDX-License-Identifier: Apache-2.0
"""The message catalogue: what pages say, found in code and templates, beside its English.

    python tools/messages.py          brings src/rexian/locale/en/LC_MESSAGES/django.po up to date
    python tools/messages.py --check  lists what has no English; exit status 1 if there is any

Babel reads Python; Django's own templatize turns templates into something that it can read. No system package is needed.
"""

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
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_edge": (5,),  # orders.workflow: why an edge is there
}


def found() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """(place, message) of everything that pages say; places are files without lines, so that the catalogue changes only with the words."""
    for path in sorted((*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"))):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            text = templatize(text)
        place = str(path.relative_to(SOURCE))
        for _line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
            if message and (message if isinstance(message, str) else message[0]).strip():
                yield place, message


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
