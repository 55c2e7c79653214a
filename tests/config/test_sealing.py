# SPDX-License-Identifier: Apache-2.0
"""What is sealed comes back whole or not at all."""

import io
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rexian.config.operations import sealing
from rexian.config.operations.sealing import Broken, Cost, Reader, Sealer, checked, opened, signed, subkey

KEY = bytes(range(32))
CHEAP = Cost("00" * 16, n=1 << 4)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", 64)


def sealed(path: Path, content: bytes, pieces: int = 50) -> bytes:
    with path.open("wb") as file:
        sealer = Sealer(file, KEY)
        for start in range(0, len(content), pieces):
            sealer.write(content[start : start + pieces])
        sealer.close()
    assert sealer.size == path.stat().st_size
    return path.read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=400), pieces=st.integers(1, 200))
def test_what_goes_in_comes_out(tmp_path: Path, content: bytes, pieces: int) -> None:
    stored = sealed(tmp_path / "x", content, pieces)
    assert b"".join(opened(io.BytesIO(stored), KEY)) == content
    assert io.BufferedReader(Reader(io.BytesIO(stored), KEY)).read() == content


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 200])
def test_whatever_is_cut_off_changed_or_added_is_found(tmp_path: Path, size: int) -> None:
    stored = sealed(tmp_path / "x", bytes(size))
    for end in range(len(stored)):
        with pytest.raises(Broken):
            list(opened(io.BytesIO(stored[:end]), KEY))
        changed = stored[:end] + bytes([stored[end] ^ 1]) + stored[end + 1 :]
        with pytest.raises(Broken):
            list(opened(io.BytesIO(changed), KEY))
    with pytest.raises(Broken):
        list(opened(io.BytesIO(stored + bytes(80)), KEY))


def test_chunks_cannot_change_places(tmp_path: Path) -> None:
    stored = sealed(tmp_path / "x", bytes(200))
    step = 64 + sealing.TAG
    with pytest.raises(Broken, match="第 1 块"):
        list(opened(io.BytesIO(stored[step : 2 * step] + stored[:step] + stored[2 * step :]), KEY))


def test_each_stream_has_its_own_key() -> None:
    master = CHEAP.master("口令")
    assert len({subkey(master, "aa", "keys"), subkey(master, "aa", "files"), subkey(master, "bb", "keys")}) == 3


def test_a_manifest_is_known_by_its_passphrase() -> None:
    content = {"kdf": asdict(CHEAP), "tables": {"a": 1}}
    manifest = signed(content, CHEAP.master("correct"))
    assert checked(manifest, "correct") == CHEAP.master("correct")
    for wrong, passphrase in ((manifest, "other"), (manifest | {"tables": {"a": 2}}, "correct"), (content, "correct")):
        with pytest.raises(Broken):
            checked(wrong, passphrase)
