# SPDX-License-Identifier: Apache-2.0
"""Floods: a proof of work opens the door once."""

import base64
import json

import altcha
import pytest

from rexian.intake import limiting

pytestmark = pytest.mark.django_db


def solve(task: dict[str, str | int]) -> str:
    """As the browser does."""
    found = altcha.solve_challenge_v1(task["challenge"], task["salt"], task["algorithm"], task["maxNumber"], 0)
    told = {name: task[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": found.number}
    return base64.b64encode(json.dumps(told).encode()).decode()


def flood() -> None:
    for _ in range(limiting.SUBMISSIONS):
        limiting.check("192.0.2.7")


def test_beyond_the_limit_a_proof_lets_one_submission_through() -> None:
    flood()
    with pytest.raises(limiting.TooMany, match="太密"):
        limiting.check("192.0.2.7")
    limiting.check("192.0.2.8")
    proof = solve(limiting.challenge())
    limiting.check("192.0.2.7", proof)
    with pytest.raises(limiting.TooMany):
        limiting.check("192.0.2.7", proof)


@pytest.mark.parametrize("change", ["number", "signature", "salt"])
def test_a_proof_that_was_tampered_with_is_none(change: str) -> None:
    told = json.loads(base64.b64decode(solve(limiting.challenge())))
    told[change] = told[change] + 1 if change == "number" else told[change].replace("a", "b", 1) + "0"
    assert not limiting.proven(base64.b64encode(json.dumps(told).encode()).decode())
    assert not limiting.proven("not base64")
    assert not limiting.proven("")
