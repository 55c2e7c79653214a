# SPDX-License-Identifier: Apache-2.0
"""The stream as real processes: two machines' on one database, sessions of the real pages, a database that goes away and comes back."""

import json
import re
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from queue import Empty, Queue
from typing import Any

import httpx
import pytest

from rexian.config import supervisor
from tests.factories import PASSWORD
from tests.server.hotline import Hotline, free_port

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group(__name__)]
ACCOUNT = f"""
from django.contrib.auth.hashers import make_password
from rexian.security.models import User
print(User.objects.filter(username="dispatcher1").update(password=make_password("{PASSWORD}")))
"""
NOTICES = """
from rexian.notices.models import Notice
print(Notice.objects.filter(kind="danger").count())
"""


@contextmanager
def stream(hotline: Hotline) -> Iterator[str]:
    """A process of the stream, as `rexian run` starts it; its address."""
    port = free_port()
    command = supervisor._stream().command
    command[command.index("--port") + 1] = str(port)
    process = subprocess.Popen(command, env=hotline.environment, start_new_session=True)
    try:
        url = f"http://127.0.0.1:{port}/notices/stream/"
        for _ in range(300):
            try:
                if httpx.get(url).status_code == 401:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


class Ear:
    """One open desk, in a thread of its own."""

    def __init__(self, url: str, cookie: str, **options: Any) -> None:
        self.url, self.options, self.status = url, {"cookies": {"sessionid": cookie}, "timeout": 60} | options, 0
        self.heard: Queue[dict[str, object]] = Queue()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        try:
            with httpx.stream("GET", self.url, **self.options) as answer:
                self.status = answer.status_code
                for line in answer.iter_lines():
                    if line.startswith("data: "):
                        self.heard.put(json.loads(line[6:]))
        except httpx.TransportError:
            pass

    def next(self, seconds: float = 30) -> dict[str, object]:
        return self.heard.get(timeout=seconds)


def sign_in(hotline: Hotline) -> httpx.Client:
    client = httpx.Client(base_url=hotline.url, timeout=60)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/account/in/").text)
    assert token
    told = {"username": "dispatcher1", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    assert client.post("/account/in/", data=told).status_code == 302
    return client


def submit(hotline: Hotline, token: str, text: str) -> None:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4())}
    told = {"text": text, "telephone": "19900000001"}
    assert httpx.post(f"{hotline.url}/api/v1/requests", json=told, headers=headers, timeout=60).status_code == 201


def test_every_machine_tells_its_desks_and_goes_on_after_an_outage(hotline: Hotline) -> None:
    token = hotline.prepare()
    hotline.manage("shell", "--no-imports", "--command", ACCOUNT)
    hotline.serve()
    with stream(hotline) as one, stream(hotline) as other, closing(sign_in(hotline)) as client:
        cookie = client.cookies["sessionid"]
        ears = [Ear(url, cookie) for url in (one, other)]
        assert [ear.next()["counts"]["dispatch"] for ear in ears] == [0, 0]  # type: ignore[index]
        submit(hotline, token, "家里煤气泄漏，有人昏倒了，快来救人！")
        for ear in ears:
            message = ear.next()
            assert message["counts"]["dispatch"] == 1  # type: ignore[index]
            assert [kind for kind, _event, _about in message["told"]] == ["danger"]  # type: ignore[attr-defined]
        told = hotline.manage("shell", "--no-imports", "--command", NOTICES).strip().splitlines()[-1]
        assert told == "2", "for dispatchers and for who watches, once each although two machines saw it"
        hotline.database.stop()
        time.sleep(3)
        hotline.database.start()
        for _ in range(100):
            if httpx.get(f"{hotline.url}/readyz", timeout=60).status_code == 200:
                break
            time.sleep(0.3)
        submit(hotline, token, "春和小区停水三天了。")
        for ear in ears:
            assert ear.next()["counts"]["dispatch"] == 2  # type: ignore[index]
        page = client.get("/work/dispatch/")
        out = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert out
        client.post("/account/out-everywhere/", data={"csrfmiddlewaretoken": out[1]})
        for ear in ears:
            ear.thread.join(30)
            assert not ear.thread.is_alive(), "signing out ends the stream"
            with pytest.raises(Empty):
                ear.heard.get_nowait()
        again = Ear(one, cookie)
        again.thread.join(30)
        assert again.status == 401
