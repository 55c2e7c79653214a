# SPDX-License-Identifier: Apache-2.0
"""The API against its own description: whatever is sent, it answers as it says, and never falls over."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pytest_django.live_server_helper import LiveServer
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from rexian.api.site import api
from rexian.intake.actions import register_client
from tests.factories import make_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))


@pytest.fixture
def token(transactional_db: None) -> str:
    make_town()
    return register_client(name="试", channel="app")[1]


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_its_word(case: Any, token: str, live_server: LiveServer) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=live_server.url, headers=headers, checks=CHECKS)
