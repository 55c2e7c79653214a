# SPDX-License-Identifier: Apache-2.0
"""The database goes away and comes back: the pages say so, nothing is half written, and nobody has to restart anything."""

import os
import signal
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tests.server.hotline import Hotline

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]


ORDER = """
from rexian.intake.actions import Submission, receive
from rexian.security.identity import CITIZEN
receive(submission=Submission(source="t", key="first", channel="web", text="路灯不亮"), by=CITIZEN)
"""


def _submit(client: httpx.Client, key: str) -> httpx.Response:
    return client.post(
        "/api/v1/requests", json={"text": "停水了", "telephone": "19900001111"}, headers={"Idempotency-Key": key}
    )


def _until(wanted: int, ask: "httpx.Client", path: str, seconds: float) -> float:
    """How long it took until the page answered so."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            if ask.get(path).status_code == wanted:
                return time.monotonic() - begun
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"{path} did not answer {wanted} within {seconds} s")


def test_the_database_is_killed_and_comes_back(hotline: Hotline) -> None:
    token = hotline.prepare()
    hotline.serve()
    with httpx.Client(base_url=hotline.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        _until(200, client, "/readyz", 60)
        before, key = str(uuid.uuid4()), str(uuid.uuid4())
        assert _submit(client, before).status_code == 201
        _kill(hotline)
        for _ in range(3):
            answer = _submit(client, key)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert "没有写入任何内容" in answer.json()["detail"]
        page = client.get("/published/")
        assert page.status_code == 503
        assert "数据库暂时连不上" in page.text
        assert page.headers["retry-after"]
        assert page.headers["x-request-id"] in page.text
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        time.sleep(5)
        hotline.database.start()
        assert _until(200, client, "/readyz", 20) < 15
        assert _submit(client, key).status_code == 201
        assert _submit(client, before).status_code == 200, "known from before"
    assert "没有发现改动" in hotline.rexian("audit", "verify")


def _kill(hotline: Hotline) -> None:
    """SIGKILL for the server and all its sessions."""
    postmaster = int((hotline.database.data / "postmaster.pid").read_text().splitlines()[0])
    os.killpg(postmaster, signal.SIGKILL)
    while hotline.database.alive():
        time.sleep(0.05)


def test_under_rexian_run_all_comes_back_by_itself(hotline: Hotline) -> None:
    """The supervisor starts database and worker again; what fell due while the worker was dead happens once."""
    hotline.prepare()
    hotline.manage("shell", "--no-imports", "--command", ORDER)
    process = hotline.start("run", REXIAN_PORT=str(hotline.port), REXIAN_MODE="trial")
    try:
        with httpx.Client(base_url=hotline.url, timeout=30) as client:
            _until(200, client, "/readyz", 120)
            _kill(hotline)
            assert _until(200, client, "/readyz", 60) < 60
            workers = [pid for pid in _children(process.pid) if "procrastinate" in _command(pid)]
            assert workers
            os.kill(workers[0], signal.SIGKILL)
            time.sleep(2)
            again = [pid for pid in _children(process.pid) if "procrastinate" in _command(pid)]
            assert again
            assert again != workers
            assert client.get("/readyz").status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=180)  # a busy machine lets the worker finish first


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
