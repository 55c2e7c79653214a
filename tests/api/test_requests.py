# SPDX-License-Identifier: Apache-2.0
"""The JSON API, first version."""

import json
from typing import Any

import pytest
from django.test import Client

from rexian.intake.actions import register_client
from rexian.orders.models import WorkOrder
from tests.factories import TELEPHONE, TEXT, Town

pytestmark = pytest.mark.django_db


class Caller:
    """A client of the API with its token."""

    def __init__(self) -> None:
        _client, self.token = register_client(name="市民 APP", channel="app")
        self.client = Client()

    def post(self, path: str, body: dict[str, Any], **headers: str) -> tuple[int, Any]:
        head = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        answer = self.client.post(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {self.token}",
            **head,
        )
        return answer.status_code, json.loads(answer.content)

    def get(self, path: str, **headers: str) -> tuple[int, Any]:
        head = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        answer = self.client.get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {self.token}", **head)
        return answer.status_code, json.loads(answer.content)


BODY = {"text": TEXT, "telephone": TELEPHONE, "area": "990102001", "kind": "help"}


def test_submit_track_and_add(town: Town) -> None:
    caller = Caller()
    status, receipt = caller.post("requests", BODY, idempotency_key="first-of-all")
    assert status == 201
    order = WorkOrder.objects.get(number=receipt["number"])
    assert (order.channel, order.area) == ("app", town.area)
    status, told = caller.get(f"requests/{order.number}", query_code=receipt["query_code"])
    assert (status, told["state"], [event["act"] for event in told["events"]]) == (200, "submitted", ["submit"])
    status, told = caller.post(
        f"requests/{order.number}/additions", {"text": "是3号楼"}, query_code=receipt["query_code"]
    )
    assert (status, told["events"][-1]["act"]) == (201, "add")


def test_a_retry_gives_the_same_receipt_and_another_body_is_refused(town: Town) -> None:
    caller = Caller()
    first = caller.post("requests", BODY, idempotency_key="same-key-1")[1]
    status, second = caller.post("requests", BODY, idempotency_key="same-key-1")
    assert (status, second["repeated"]) == (200, True)
    assert (second["number"], second["query_code"]) == (first["number"], first["query_code"])
    status, problem = caller.post("requests", BODY | {"text": "另一件事"}, idempotency_key="same-key-1")
    assert (status, problem["errors"][0]["field"]) == (422, "key")
    assert WorkOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"telephone": "12"}, "telephone"),
        ({"area": "000000"}, "area"),
        ({"kind": "rant"}, "kind"),
        ({"latitude": 99}, "latitude"),
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(town: Town, change: dict[str, Any], field: str) -> None:
    status, problem = Caller().post("requests", BODY | change, idempotency_key="bad-input-1")
    assert (status, problem["status"], problem["errors"][0]["field"]) == (422, 422, field)
    assert WorkOrder.objects.count() == 0


def test_no_token_no_entry_and_no_code_no_order(town: Town) -> None:
    assert Client().get("/api/v1/categories").status_code == 401
    caller = Caller()
    receipt = caller.post("requests", BODY, idempotency_key="for-the-code")[1]
    assert caller.get(f"requests/{receipt['number']}", query_code="WRONG234")[0] == 404
    assert len(caller.get("categories")[1]) == 4
