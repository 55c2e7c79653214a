# SPDX-License-Identifier: Apache-2.0
"""The one door to translations, so that the rest needs no Django: from a notebook Chinese as written, within the web what `use` is given."""

from collections.abc import Callable


def _as_written(message: str) -> str:
    return message


_translate: Callable[[str], str] = _as_written


def use(translate: Callable[[str], str]) -> None:
    """From now on messages go through `translate`, for example `django.utils.translation.gettext`."""
    global _translate
    _translate = translate


def gettext(message: str) -> str:
    """The message in the reader's language."""
    return _translate(message)


def gettext_noop(message: str) -> str:
    """The message as written, marked for the catalogue: for texts that are kept and translated when they are shown."""
    return message
