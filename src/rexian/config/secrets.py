# SPDX-License-Identifier: Apache-2.0
"""The hotline's own secrets: the session key and the ring of data keys.

In trial mode they are made on first use in `var/secrets/`; in production REXIAN_SECRET_KEY and REXIAN_KEYS (a file) must be given.
"""

import base64
import json
import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Secrets:
    """The session key, and the file of the key ring (`{"suite", "current", "keys", "index_key", …}`, see security.encryption)."""

    session_key: str
    key_file: Path

    @property
    def key_ring(self) -> dict[str, Any]:
        ring: dict[str, Any] = json.loads(self.key_file.read_text(encoding="utf-8"))
        return ring

    def save_ring(self, ring: dict[str, Any]) -> None:
        """Replaces the key ring at once and for good: whoever reads sees the old ring or the new one."""
        _write(self.key_file, json.dumps(ring, indent=1))


def load(var: Path, *, production: bool) -> Secrets:
    """The secrets of this installation; raises ImproperlyConfigured where production lacks one."""
    if production:
        return Secrets(_demand("REXIAN_SECRET_KEY"), Path(_demand("REXIAN_KEYS")))
    folder = var / "secrets"
    session = folder / "session-key"
    keys = Path(os.environ.get("REXIAN_KEYS", folder / "keys.json"))
    _ensure(session, secrets.token_urlsafe(64))
    _ensure(keys, json.dumps(new_ring(os.environ.get("REXIAN_SUITE", "aes-256-gcm")), indent=1))
    return Secrets(session.read_text(encoding="utf-8"), keys)


def new_ring(suite: str) -> dict[str, Any]:
    """A ring with one random data key and a random index key."""
    index = "sm3" if suite == "sm4-gcm" else "sha256"
    return {"suite": suite, "current": "k1", "keys": {"k1": new_key()}, "index_digest": index, "index_key": new_key()}


def new_key() -> str:
    """A random data key, in base64."""
    return base64.b64encode(os.urandom(32)).decode()


def _demand(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} must be set in production; see docs/reference/settings.md.")
    return value


def _ensure(path: Path, content: str) -> None:
    """Writes the file unless it is there; of two processes that start at once, one wins and both read its content."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = _part(path, content)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(part)


def _write(path: Path, content: str) -> None:
    part = _part(path, content)
    if path.exists():  # who could read the old file reads the new one, and nobody else: an operator may be root
        there = path.stat()
        os.chmod(part, there.st_mode & 0o777)
        os.chown(part, there.st_uid, there.st_gid)
    os.replace(part, path)


def _part(path: Path, content: str) -> str:
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part
