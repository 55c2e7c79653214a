# SPDX-License-Identifier: Apache-2.0
"""The city of Yucheng in a test's database."""

import pytest

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.security.identity import SYSTEM


@pytest.fixture
def yucheng(db: None) -> None:
    load_city(folder=SHIPPED / "yucheng", by=SYSTEM)
