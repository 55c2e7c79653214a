# SPDX-License-Identifier: Apache-2.0
"""Twenty seconds of a busy hotline whose web server is killed twice; `bench/soak.py` is the same for ten minutes with many more people."""

from collections.abc import Iterator

import pytest

from tests.server.soak import Proxied, soak, table

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]


@pytest.fixture
def proxied() -> Iterator[Proxied]:
    one = Proxied()
    yield one
    one.close()


def test_nothing_acknowledged_is_lost_while_the_web_server_is_killed_twice(proxied: Proxied) -> None:
    ledger, verdict = soak(proxied, seconds=20, staff=12, citizens=20, pause=(0.5, 5.0), fewest=12)
    told = table(ledger, verdict)
    assert verdict.clean, told
    assert ledger.dishonest == [], told
    assert ledger.late == 0, told
    assert ledger.deaf == 0, "every stream came back by itself"
    assert len(ledger.received) == len(ledger.sent) > 20, told
    assert {key.split()[1] for key in ledger.acknowledged} >= {"accept", "dispatch"}, told
    assert ledger.away > 0, "the kills were felt"
