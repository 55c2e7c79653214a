# SPDX-License-Identifier: Apache-2.0
"""The nginx of docs/howto/production.md, run: pages, files, the stream, addresses, and what stays shut."""

import re
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import httpx
import pytest

from tests.factories import PASSWORD
from tests.server.proxy import HOST, NGINX, Production, Proxy
from tests.server.test_notices import ACCOUNT, Ear, stream

pytestmark = [
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.xdist_group(__name__),
    pytest.mark.skipif(NGINX is None, reason="no nginx here: apt-get install nginx-light"),
]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MEGABYTE = 1024 * 1024


@dataclass
class Site:
    """A hotline behind nginx, and a token of its API."""

    hotline: Production
    proxy: Proxy
    token: str


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with ExitStack() as stack:
        hotline = Production()
        stack.callback(hotline.close)
        token = hotline.prepare()
        hotline.manage("shell", "--no-imports", "--command", ACCOUNT)
        hotline.serve()
        url = stack.enter_context(stream(hotline))
        proxy = Proxy(hotline.port, httpx.URL(url).port or 0)
        stack.callback(proxy.close)
        yield Site(hotline, proxy, token)


def form_token(client: httpx.Client, path: str) -> str:
    found = TOKEN.search(client.get(path).text)
    assert found, path
    return found[1]


def sign_in(client: httpx.Client, password: str = PASSWORD, name: str = "dispatcher1") -> httpx.Response:
    told = {"username": name, "password": password, "csrfmiddlewaretoken": form_token(client, "/account/in/")}
    return client.post("/account/in/", data=told)


def submit(client: httpx.Client, *files: bytes, text: str = "春和小区停水三天了。") -> httpx.Response:
    told = {"text": text, "kind": "help", "telephone": "19900000001", "key": str(uuid.uuid4())}
    told["csrfmiddlewaretoken"] = form_token(client, "/")
    photos = [("photos", (f"{place}.pdf", content)) for place, content in enumerate(files)]
    return client.post("/", data=told, files=photos or None)


def paper(size: int, mark: int = 0) -> bytes:
    """So many bytes that are a PDF by their content."""
    return (b"%%PDF-1.4\n%d\n" % mark).ljust(size, b"\n")


def test_staff_sign_in_and_the_pages_come_with_their_headers(site: Site) -> None:
    plain = httpx.get(f"http://127.0.0.1:{site.proxy.http}/work/?a=1", headers={"Host": HOST})
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://{HOST}/work/?a=1")
    with site.proxy.client() as client:
        answer = sign_in(client)
        assert answer.status_code == 302
        assert all("Secure" in one for one in answer.headers.get_list("Set-Cookie"))
        page = client.get("/work/dispatch/")
        assert page.status_code == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert re.fullmatch(r"[0-9a-f]{32}", page.headers["X-Request-Id"]), "nginx's id is ours"
        assert 'data-stream="/notices/stream/"' in page.text
        link = re.search(r'href="(/static/rexian/rexian\.[0-9a-f]+\.css)"', page.text)
        assert link
        static = client.get(link[1], headers={"Accept-Encoding": "gzip"})
        assert static.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert static.headers["Content-Encoding"] == "gzip"
        assert client.get(link[1], headers={"If-None-Match": static.headers["ETag"]}).status_code == 304


def test_files_up_to_the_limit_and_over_it(site: Site) -> None:
    with site.proxy.client() as client:
        assert submit(client, *(paper(10 * MEGABYTE, place) for place in range(9))).status_code == 302
        assert "查询码" in client.get("/done/").text
        single = submit(client, paper(10 * MEGABYTE + 1))
        assert single.status_code == 422
        assert "超过 10 MB" in single.text
        over = submit(client, *(paper(10 * MEGABYTE, place) for place in range(11)))
        assert over.status_code == 413
        assert "一次上传的内容太大" in over.text
        assert client.get("/too-large/").status_code == 404, "only from inside nginx"
        told = {"csrfmiddlewaretoken": form_token(client, "/"), "text": "很长" * MEGABYTE}
        long = client.post("/", data=told)
        assert long.status_code == 413
        assert "一次上传的内容太大" in long.text


def test_notices_arrive_unbuffered(site: Site) -> None:
    with site.proxy.client() as client:
        assert sign_in(client).status_code == 302
        transport = {"verify": False, "headers": {"Host": HOST}}
        ear = Ear(f"{site.proxy.url}/notices/stream/", client.cookies["sessionid"], **transport)
        ear.next()
        time.sleep(1.5)  # a push a second at the most: the first one comes at once
        headers = {"Authorization": f"Bearer {site.token}", "Idempotency-Key": str(uuid.uuid4())}
        told = {"text": "家里煤气泄漏，有人昏倒了，快来救人！", "telephone": "19900000001"}
        assert client.post("/api/v1/requests", json=told, headers=headers).status_code == 201
        begun = time.monotonic()
        message = ear.next()
        assert [kind for kind, _event, _about in message["told"]] == ["danger"]  # type: ignore[attr-defined]
        assert time.monotonic() - begun < 1.0
        stranger = httpx.get(f"{site.proxy.url}/notices/stream/", **transport)  # type: ignore[arg-type]
        assert stranger.status_code == 401


def test_the_caller_is_who_connects_whatever_he_writes(site: Site) -> None:
    """Limits hold by the address that nginx sees; another address is not held by them."""
    with ExitStack() as stack:
        one, other = (stack.enter_context(site.proxy.client(address)) for address in ("127.0.0.3", "127.0.0.4"))
        statuses: list[int] = []
        for turn in range(21):  # ten a minute; a minute may end in between
            forged = {"X-Forwarded-For": f"203.0.113.{turn}", "X-Forwarded-Proto": "http", "X-Real-Ip": "::1"}
            one.headers.update(forged)
            statuses.append(submit(one, text=f"路灯不亮，第 {turn} 次").status_code)
            if statuses[-1] == 422:
                break
        assert statuses[:10] == [302] * 10
        assert statuses[-1] == 422, "forged addresses do not count"
        assert submit(other).status_code == 302
        tried = []
        for turn in range(6):
            one.headers["X-Forwarded-For"] = f"203.0.113.{turn}"
            tried.append(sign_in(one, "wrong").status_code)
        assert tried[-1] == 429
        assert sign_in(other, "wrong").status_code == 200
        assert sign_in(other).status_code == 302


def test_what_is_for_monitors_is_shut_from_outside(site: Site) -> None:
    inside = f"http://127.0.0.1:{site.hotline.port}"
    for path in ("/healthz", "/readyz", "/metrics"):
        assert httpx.get(inside + path, headers={"Host": "127.0.0.1"}).status_code == 200
    with site.proxy.client() as client:
        for path in ("/healthz", "/readyz", "/metrics", "/%6detrics", "/./metrics", "/metrics?x"):
            assert client.get(path).status_code == 404, path
        assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
        assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_while_the_web_server_is_away_people_are_told(site: Site) -> None:
    """The last one of this file: the web server is stopped."""
    assert site.hotline.web is not None
    site.hotline.web.send_signal(signal.SIGTERM)
    site.hotline.web.wait()
    with closing(site.proxy.client()) as client:
        answer = client.get("/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.text == "热线系统正在恢复，请稍后再试；急事请拨打 12345。"
