# SPDX-License-Identifier: Apache-2.0
"""A stream encrypted whole, in chunks: nothing of it can be read, changed, moved to another place or cut off unseen.

The construction is STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, CRYPTO 2015)
with AES-256-GCM: chunk n is sealed under the nonce `n (11 bytes, big-endian) | last (1 byte)`, so that a chunk that is missing at the end is found. The
key is the stream's own: HKDF-SHA256 (RFC 5869) of the passphrase's key with the backup's id and the stream's name. The passphrase's key is scrypt's
(RFC 7914).
"""

import hashlib
import hmac
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

CHUNK = 1 << 20
TAG = 16


class Broken(Exception):  # noqa: N818  what a person reads
    """A sealed stream that is not as it was written, or not under this passphrase."""


@dataclass(frozen=True, slots=True)
class Cost:
    """scrypt's parameters: with these it takes 64 MB and a fifth of a second."""

    salt: str
    n: int = 1 << 16
    r: int = 8
    p: int = 1

    def master(self, passphrase: str) -> bytes:
        return Scrypt(bytes.fromhex(self.salt), 32, self.n, self.r, self.p).derive(passphrase.encode())


def subkey(master: bytes, backup: str, name: str) -> bytes:
    """The key of one stream of one backup; 32 bytes."""
    return HKDF(hashes.SHA256(), 32, salt=bytes.fromhex(backup), info=f"rexian {name}".encode()).derive(master)


class Sealer:
    """A file that seals what is written to it; `close` ends the stream, and one that is not closed is found to be cut off."""

    def __init__(self, sink: BinaryIO, key: bytes) -> None:
        self.sink, self.cipher, self.number, self.size = sink, AESGCM(key), 0, 0
        self.digest = hashlib.sha256()
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > CHUNK:
            self._emit(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._emit(bytes(self._held), last=True)
        self.sink.flush()
        os.fsync(self.sink.fileno())

    def _emit(self, chunk: bytes, *, last: bool) -> None:
        sealed = self.cipher.encrypt(_nonce(self.number, last=last), chunk, None)
        self.sink.write(sealed)
        self.digest.update(sealed)
        self.number, self.size = self.number + 1, self.size + len(sealed)


def opened(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The plain chunks of a sealed stream; raises Broken."""
    cipher, number = AESGCM(key), 0
    chunk = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), chunk, None)
        except InvalidTag:
            raise Broken(f"第 {number + 1} 块解不开：口令不对，或文件被改动、截断。") from None
        if not following:
            return
        chunk, number = following, number + 1


class Reader(io.RawIOBase):
    """The plain content of a sealed stream as a file to read from; raises Broken."""

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        self._chunks, self._held = opened(source, key), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._held and (chunk := next(self._chunks, None)) is not None:
            self._held = chunk
        count = min(len(buffer), len(self._held))
        buffer[:count], self._held = self._held[:count], self._held[count:]
        return count


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def signed(content: dict[str, Any], master: bytes) -> dict[str, Any]:
    """`content` with the code (HMAC-SHA256) by which a change of it is found."""
    return content | {"mac": _code(content, master)}


def checked(content: dict[str, Any], passphrase: str) -> bytes:
    """The master key of a signed manifest; raises Broken for another passphrase or a changed manifest."""
    master = Cost(**content["kdf"]).master(passphrase)
    plain = {name: value for name, value in content.items() if name != "mac"}
    if not hmac.compare_digest(str(content.get("mac")), _code(plain, master)):
        raise Broken("口令不对，或备份清单被改动。")
    return master


def _code(content: dict[str, Any], master: bytes) -> str:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"rexian manifest").derive(master)
    return hmac.digest(key, json.dumps(content, sort_keys=True).encode(), "sha256").hex()
