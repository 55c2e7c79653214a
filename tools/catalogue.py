# SPDX-License-Identifier: Apache-2.0
"""The English message catalogue on disk; needs Babel only, so that a build can compile it."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "rexian"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"


def catalogue() -> Catalog:
    """The catalogue as it is written."""
    with PO.open("rb") as file:
        return read_po(file, locale="en", domain="django")


def compile_catalogue() -> Path:
    """Writes django.mo beside the catalogue, which is what Django reads."""
    target = PO.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, catalogue())
    return target
