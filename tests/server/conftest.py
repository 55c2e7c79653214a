# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator

import pytest

from tests.server.hotline import Hotline


@pytest.fixture
def hotline() -> Iterator[Hotline]:
    """A hotline of real processes; the test prepares and starts what it needs."""
    one = Hotline()
    yield one
    one.close()
