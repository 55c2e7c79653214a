# SPDX-License-Identifier: Apache-2.0
"""Personal data at rest: authenticated encryption with keys that rotate, and blind indexes for exact search.

A value is stored as `suite (1 byte) | length of key id (1) | key id | nonce (12) | ciphertext and tag`, so that old keys and either suite
can be read as long as the ring holds the key. Suites: AES-256-GCM (NIST SP 800-38D), SM4-GCM (GB/T 32907-2016 with GCM);
the digest that goes with them is SHA-256 or SM3 (GB/T 32905-2016).
"""

import base64
import hashlib
import hmac
import os
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings

NONCE = 12
TAG = 16
SUITES = {"aes-256-gcm": 1, "sm4-gcm": 2}
DIGESTS: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sm3": hashes.SM3()}


class Undecryptable(Exception):  # noqa: N818  the field's word
    """A stored value does not decrypt: the key is missing from the ring, or the value was changed or moved."""


@dataclass(frozen=True)
class KeyRing:
    """The city's data keys: `keys` by id (32 bytes each), the one that encrypts now, and the key of the blind indexes."""

    suite: str
    current: str
    keys: dict[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    index_digest: str = "sha256"

    @classmethod
    def parse(cls, ring: dict[str, Any]) -> "KeyRing":
        keys = {name: base64.b64decode(key) for name, key in ring["keys"].items()}
        if ring["suite"] not in SUITES or ring["current"] not in keys or any(len(k) != 32 for k in keys.values()):
            raise ValueError("key ring: unknown suite, no current key, or a key that is not 32 bytes")
        return cls(ring["suite"], ring["current"], keys, base64.b64decode(ring["index_key"]), ring["index_digest"])

    @cached_property
    def _aes(self) -> dict[str, AESGCM]:
        return {name: AESGCM(key) for name, key in self.keys.items()}

    @cached_property
    def _index(self) -> hmac.HMAC:
        """The keyed SHA-256 before anything was said; a copy costs a third of a new one."""
        return hmac.new(self.index_key, digestmod="sha256")

    def seal(self, suite: int, key_id: str, nonce: bytes, plain: bytes, context: bytes) -> bytes:
        if suite == SUITES["aes-256-gcm"]:
            return self._aes[key_id].encrypt(nonce, plain, context)
        encryptor = Cipher(algorithms.SM4(self.keys[key_id][:16]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, suite: int, key_id: str, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        if suite == SUITES["aes-256-gcm"]:
            return self._aes[key_id].decrypt(nonce, sealed, context)
        mode = modes.GCM(nonce, sealed[-TAG:])
        decryptor = Cipher(algorithms.SM4(self.keys[key_id][:16]), mode).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(sealed[:-TAG]) + decryptor.finalize()


LOOK = 1.0
"""Seconds after which a process looks again whether the key file is another one."""
_ring: KeyRing | None = None
_stamp: tuple[int, ...] = ()
_looked = 0.0


def ring() -> KeyRing:
    """The key ring in force: parsed once a process, and again within LOOK seconds of a change of its file."""
    global _looked
    now = time.monotonic()
    if _ring is None or now - _looked > LOOK:
        _looked = now
        refresh()
    return _ring  # type: ignore[return-value]  # refresh has set it or raised


def refresh() -> bool:
    """Reads the key file if it is another one than before; whether it was. A file that cannot be read leaves the ring in force."""
    global _ring, _stamp
    try:
        there = os.stat(settings.SECRETS.key_file)
        stamp = (there.st_ino, there.st_mtime_ns, there.st_size)
        if _ring is not None and stamp == _stamp:
            return False
        _ring, _stamp = KeyRing.parse(settings.SECRETS.key_ring), stamp
    except (OSError, ValueError):
        if _ring is None:
            raise
        return False
    return True


def encrypt(text: str, context: str) -> bytes:
    """`text` under the current key; `context` (model.column) must be the same to decrypt."""
    keys, nonce = ring(), os.urandom(NONCE)
    sealed = keys.seal(SUITES[keys.suite], keys.current, nonce, text.encode(), context.encode())
    return prefix(keys) + nonce + sealed


def decrypt(stored: bytes, context: str) -> str:
    """The text of a stored value; raises Undecryptable. A key that the ring does not hold may be new: the file is looked at again."""
    start, key = 2 + stored[1], key_id(stored)
    nonce = stored[start : start + NONCE]
    if key not in ring().keys:
        refresh()
    try:
        return ring().open(stored[0], key, nonce, stored[start + NONCE :], context.encode()).decode()
    except (KeyError, InvalidTag) as error:
        raise Undecryptable(context) from error


def key_id(stored: bytes) -> str:
    """The id of the key that a stored value is under."""
    return stored[2 : 2 + stored[1]].decode()


def prefix(keys: KeyRing) -> bytes:
    """How every value begins that is encrypted with the current suite and key."""
    name = keys.current.encode()
    return bytes([SUITES[keys.suite], len(name)]) + name


def digest_name() -> str:
    """The digest that goes with the city's suite: `sha256`, or `sm3` beside SM4."""
    return "sm3" if ring().suite == "sm4-gcm" else "sha256"


def digest(*parts: bytes, algorithm: str = "sha256") -> bytes:
    """SHA-256 or SM3 over the parts in turn; 32 bytes."""
    if algorithm == "sha256":
        fast = hashlib.sha256()
        for part in parts:
            fast.update(part)
        return fast.digest()
    hasher = hashes.Hash(DIGESTS[algorithm])
    for part in parts:
        hasher.update(part)
    return hasher.finalize()


def blind_index(value: str, context: str) -> bytes:
    """A keyed digest (HMAC) by which an encrypted value is found by exact match; 16 bytes.

    Its digest is the ring's `index_digest`, which stays when the suite changes: what was indexed is still found.
    """
    keys = ring()
    message = context.encode() + b"\0" + value.encode()
    if keys.index_digest == "sha256":
        fast = keys._index.copy()
        fast.update(message)
        return fast.digest()[:16]
    mac = HMAC(keys.index_key, DIGESTS[keys.index_digest])
    mac.update(message)
    return mac.finalize()[:16]


def same(left: bytes, right: bytes) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(left, right)
