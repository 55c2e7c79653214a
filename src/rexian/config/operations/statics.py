# SPDX-License-Identifier: Apache-2.0
"""The collected static files: whether they are those of this version, so that a start collects them only when they are not."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from rexian import __version__

STAMP = ".of"


def fingerprint() -> str:
    """A digest over the names, sizes and times of all static files of the installed packages."""
    digest = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list(None), key=lambda pair: str(pair[0])):
            there = storage.path(name)
            stat = (settings.STATIC_ROOT / name, storage.size(name), storage.get_modified_time(name).timestamp())
            digest.update(repr((str(there), *map(str, stat))).encode())
    return digest.hexdigest()


def stale() -> bool:
    """Whether the collected files are not those of the installed packages."""
    stamp = settings.STATIC_ROOT / STAMP
    return not stamp.exists() or stamp.read_text(encoding="utf-8") != fingerprint()


def collect() -> bool:
    """Collects the static files if they are stale; whether they were."""
    if not stale():
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    (settings.STATIC_ROOT / STAMP).write_text(fingerprint(), encoding="utf-8")
    return True
