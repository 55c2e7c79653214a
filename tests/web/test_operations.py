# SPDX-License-Identifier: Apache-2.0
"""Probes, metrics, error pages and the log say what an operator needs and nothing of a person."""

import io
import json
import logging
import re
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from rexian.config.operations.logs import Context, Json, Line
from rexian.directory import clock
from rexian.intake import readers
from rexian.knowledge import retrieving
from rexian.orders import clocks
from rexian.orders.models import Seal, WorkOrder
from rexian.security import encryption
from rexian.security.scrubbing import scrubbed
from rexian.web.operations import probes, warming
from rexian.web.operations.context import request_id
from rexian.web.portal import views as portal
from tests.factories import TELEPHONE, Town, dispatched, received

pytestmark = pytest.mark.django_db


def test_ready_when_all_is_there_and_silent_about_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/readyz").content == b"ready"

    def away() -> None:
        raise OperationalError("connection to 10.0.0.5 failed")

    monkeypatch.setattr(probes, "_check", away)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready")
    assert Client().get("/healthz").status_code == 200


def test_not_ready_while_migrations_are_pending(monkeypatch: pytest.MonkeyPatch) -> None:
    probes._migrated.cache_clear()
    monkeypatch.setattr(probes.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert Client().get("/readyz").status_code == 503
    monkeypatch.undo()
    assert Client().get("/readyz").status_code == 200


def test_not_ready_without_a_key_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption, "_ring", None)
    monkeypatch.setattr(settings, "SECRETS", type(settings.SECRETS)("x", Path("/nowhere/keys.json")))
    assert Client().get("/readyz").status_code == 503


def test_not_ready_while_the_models_are_loading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_loading", [])
    loaded = Event()
    warming.start(lambda: loaded.wait(30))
    assert Client().get("/readyz").status_code == 503
    loaded.set()
    warming._loading[0].join(30)
    assert Client().get("/readyz").status_code == 200


def test_ready_where_the_models_could_not_be_loaded(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(warming, "_loading", [])
    warming.start(away)
    warming._loading[0].join(30)
    assert Client().get("/readyz").status_code == 200
    assert "not loaded beforehand" in caplog.text


def test_what_is_loaded_beforehand_is_not_loaded_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `everything`, proposals and articles are answered from memory."""
    warming.everything()
    monkeypatch.setattr(readers, "_load", lambda row: pytest.fail("the classifier is loaded again"))
    monkeypatch.setattr(retrieving, "_learned", lambda: pytest.fail("the index is built again"))
    warming.everything()


def _metrics(**headers: Any) -> dict[str, float]:
    answer = Client().get("/metrics", **headers)
    assert answer.status_code == 200
    lines = (line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_metrics_are_for_this_machine_and_for_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _metrics()
    assert Client().get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert Client().get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404, "behind a proxy"
    monkeypatch.setenv("REXIAN_METRICS_TOKEN", "a token")
    assert (
        Client().get("/metrics", headers={"Authorization": "Bearer a toke"}, REMOTE_ADDR="192.0.2.7").status_code == 404
    )
    assert _metrics(headers={"Authorization": "Bearer a token"}, REMOTE_ADDR="192.0.2.7")


def test_metrics_say_how_the_hotline_does(town: Town) -> None:
    order = dispatched(town)
    received(town, channel="wechat")
    Client().get(f"/work/orders/{order.number}/")
    WorkOrder.objects.filter(pk=order.pk).update(due_at=clock.now() - timedelta(hours=5))
    Seal.objects.create(hour=clock.now() - timedelta(hours=2), events=0, orders=0, hash=b"x")
    found = _metrics()
    assert found['rexian_intakes_today{channel="web"}'] == 1
    assert found['rexian_intakes_today{channel="wechat"}'] == 1
    assert found['rexian_lateness_seconds{move="red"}'] == pytest.approx(5 * 3600, abs=30)
    assert found['rexian_lateness_seconds{move="yellow"}'] == 0
    assert found["rexian_seal_age_seconds"] == pytest.approx(3600, abs=30)
    assert found["rexian_jobs_failed"] == 0
    assert found["rexian_database_bytes"] > 1e6
    assert found['rexian_request_seconds_count{method="GET",status="3xx",view="work:order"}'] >= 1
    text = Client().get("/metrics").content.decode()
    for personal in (order.number, TELEPHONE, "王小明"):
        assert personal not in text
    clocks.run_due(clock.now())
    assert _metrics()['rexian_lateness_seconds{move="red"}'] == 0


def test_a_page_that_breaks_says_under_which_number(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)

    def breaks(*arguments: Any, **more: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(portal, "render", breaks)
    answer = client.get("/published/")
    assert answer.status_code == 500
    number = answer["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", number)
    assert number in answer.content.decode()
    assert client.get("/published/", headers={"X-Request-Id": "from-the-proxy-1"})["X-Request-Id"] == "from-the-proxy-1"
    assert client.get("/published/", headers={"X-Request-Id": "<b>"})["X-Request-Id"] != "<b>"


def test_without_a_database_the_page_is_honest(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)

    def away(*arguments: Any, **more: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("rexian.intake.actions.receive", away)
    form = {"key": "0f8fad5b-d9cb-469f-a165-70867728950e", "text": "停水", "kind": "help", "telephone": TELEPHONE}
    answer = client.post("/", form)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "数据库暂时连不上" in answer.content.decode()
    assert "没有写入任何内容" in answer.content.decode()


def test_the_api_says_it_as_the_rfc_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*arguments: Any, **more: Any) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("rexian.api.site.kept", away)
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/categories", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["instance"] == answer["X-Request-Id"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("请回电 13800138000。", "请回电 [电话]。"),
        ("+86 138-0013-8000", "[电话]"),
        ("电话0571-87654321转1", "电话[电话]转1"),
        ("身份证 11010519491231002X", "身份证 [身份证号]"),
        ("写信到 li.ming@example.com", "写信到 [邮箱]"),
        ("工单 990100-20261124-003518-7 已派", "工单 990100-20261124-003518-7 已派"),
        ("1764012345678 毫秒，第 20261124103107 次", "1764012345678 毫秒，第 20261124103107 次"),
    ],
)
def test_what_looks_like_a_person_is_taken_out(text: str, left: str) -> None:
    assert scrubbed(text) == left


@pytest.mark.parametrize("formatter", [Json(), Line()])
def test_the_log_has_the_request_and_no_person(formatter: logging.Formatter) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    handler.addFilter(Context())
    logger = logging.getLogger("rexian.tests")
    logger.addHandler(handler)
    token = request_id.set("4f21a7c0")
    try:
        raise ValueError(f"bad number {TELEPHONE}")
    except ValueError:
        logger.exception("来电 %s 处理失败", TELEPHONE, extra={"view": "portal:submit"})
    finally:
        request_id.reset(token)
        logger.removeHandler(handler)
    said = out.getvalue()
    assert "4f21a7c0" in said
    assert TELEPHONE not in said
    assert "ValueError: bad number [电话]" in said
    if isinstance(formatter, Json):
        told = json.loads(said)
        assert told["level"] == "ERROR"
        assert told["view"] == "portal:submit"
        assert told["message"] == "来电 [电话] 处理失败"


def test_what_a_library_tells_of_a_job_is_not_logged() -> None:
    record = logging.LogRecord("procrastinate.worker", logging.ERROR, "", 1, "", None, None)
    record.msg = "Job x.send[11](name='王小明', text='(a) b') ended with status: Error, lasted 0.1 s"
    record.job = {"task_kwargs": {"name": "王小明"}}
    Context().filter(record)
    told = json.loads(Json().format(record))
    assert told["message"] == "Job x.send[11] ended with status: Error, lasted 0.1 s"
    assert set(told) == {"at", "level", "logger", "request", "message"}
