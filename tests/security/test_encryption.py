# SPDX-License-Identifier: Apache-2.0
"""Personal data at rest."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rexian.config.secrets import new_ring
from rexian.security import encryption
from rexian.security.encryption import KeyRing, Undecryptable, blind_index, decrypt, encrypt

SUITES = ["aes-256-gcm", "sm4-gcm"]
QUIET = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=SUITES)
def ring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> KeyRing:
    one = KeyRing.parse(new_ring(request.param))
    monkeypatch.setattr(encryption, "_ring", one)
    return one


@QUIET
@given(st.text(min_size=1))
def test_what_goes_in_comes_out_and_is_never_the_same_twice(ring: KeyRing, text: str) -> None:
    first, second = encrypt(text, "a.b"), encrypt(text, "a.b")
    assert decrypt(first, "a.b") == decrypt(second, "a.b") == text
    assert first != second


def test_a_changed_or_moved_value_does_not_decrypt(ring: KeyRing) -> None:
    stored = encrypt("13800138000", "orders.workorder.telephone")
    for other in (stored[:-1] + bytes([stored[-1] ^ 1]), stored[:20] + bytes([stored[20] ^ 1]) + stored[21:]):
        with pytest.raises(Undecryptable):
            decrypt(other, "orders.workorder.telephone")
    with pytest.raises(Undecryptable):
        decrypt(stored, "orders.workorder.address")


def test_old_keys_and_the_other_suite_are_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    old = new_ring("aes-256-gcm")
    monkeypatch.setattr(encryption, "_ring", KeyRing.parse(old))
    stored, index = encrypt("王小明", "a.b"), blind_index("王小明", "a")
    new = old | {"suite": "sm4-gcm", "current": "k2", "keys": old["keys"] | {"k2": new_ring("sm4-gcm")["keys"]["k1"]}}
    monkeypatch.setattr(encryption, "_ring", KeyRing.parse(new))
    assert decrypt(stored, "a.b") == "王小明"
    assert encrypt("王小明", "a.b")[0] != stored[0]
    assert blind_index("王小明", "a") == index, "what was indexed is still found"


def test_a_ring_with_a_fault_is_refused() -> None:
    for change in ({"suite": "rot13"}, {"current": "k9"}, {"keys": {"k1": "c2hvcnQ="}}):
        with pytest.raises(ValueError, match="key ring"):
            KeyRing.parse(new_ring("aes-256-gcm") | change)


@QUIET
@given(st.text(), st.text())
def test_blind_indexes_tell_values_and_contexts_apart(ring: KeyRing, value: str, other: str) -> None:
    assert (blind_index(value, "a") == blind_index(other, "a")) == (value == other)
    assert blind_index(value, "a") != blind_index(value, "b")
    assert len(blind_index(value, "a")) == 16


def test_keys_do_not_show_in_a_traceback(ring: KeyRing) -> None:
    assert ring.keys["k1"].hex() not in repr(ring)
    assert "index_key" not in repr(ring)
