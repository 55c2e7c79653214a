# SPDX-License-Identifier: Apache-2.0
"""The plug against a real server on loopback that speaks the protocol: what arrives there, and what happens when it fails."""

import email
import email.policy
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from rexian_ml import speech
from rexian_ml.plug import ModelServer, ModelServerError

PERSONAL = "我叫张建国，电话13800138000，身份证11010519491231002X"
CLEAN = "我叫【姓名1】，电话【电话1】，身份证【身份证1】"
SPOKEN = speech.tones("42")


@dataclass
class Heard:
    """What the server was sent, and how it shall answer: its status and body instead of the right ones, after `wait` seconds."""

    calls: list[tuple[str, str, Any]] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    wait: float = 0.0


def _parts(kind: str, body: bytes) -> dict[str, bytes]:
    """The fields of a multipart form."""
    message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.HTTP)
    return {
        str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in message.iter_parts()
    }  # type: ignore[attr-defined]


def _right(path: str, sent: Any) -> bytes:
    """What a server of this protocol answers."""
    if path == "/v1/audio/speech":
        return speech.write_wav(SPOKEN)
    if path == "/v1/audio/transcriptions":
        sound = speech.read_wav(sent["file"])
        return json.dumps({"text": " " + "".join(key.key for key in speech.keys(sound))}).encode()
    words = " ".join(message["content"] for message in sent["messages"])
    choice = {"index": 0, "message": {"role": "assistant", "content": f"收到：{words}"}}
    return json.dumps({"id": "1", "object": "chat.completion", "choices": [choice]}).encode()


class _Handler(BaseHTTPRequestHandler):
    heard: Heard

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        sent = json.loads(body) if kind == "application/json" else _parts(kind, body)
        self.heard.calls.append((self.path, self.headers.get("Authorization", ""), sent))
        time.sleep(self.heard.wait)
        answer = _right(self.path, sent) if self.heard.body is None else self.heard.body
        self.send_response(self.heard.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def server(heard: Heard) -> Iterator[ModelServer]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"heard": heard}))
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield ModelServer(f"http://127.0.0.1:{listener.server_port}/", key="secret", timeout=5)
    listener.shutdown()
    thread.join()
    listener.server_close()


def test_texts_are_completed_and_leave_without_personal_data(server: ModelServer, heard: Heard) -> None:
    answer = server.complete(PERSONAL, instructions="回答13900139000的问题")
    ((path, authorization, sent),) = heard.calls
    assert (path, authorization) == ("/v1/chat/completions", "Bearer secret")
    assert sent["messages"] == [
        {"role": "system", "content": "回答【电话1】的问题"},
        {"role": "user", "content": CLEAN},
    ]
    assert sent["temperature"] == 0
    assert answer == f"收到：回答【电话1】的问题 {CLEAN}"


def test_speech_is_recognised(server: ModelServer, heard: Heard) -> None:
    assert server.recognise(speech.tones("12345"), hint="春江市，13800138000") == "12345"
    ((path, _, sent),) = heard.calls
    assert path == "/v1/audio/transcriptions"
    assert sent["model"] == b"whisper-1"
    assert sent["language"] == b"zh"
    assert sent["prompt"].decode() == "春江市，【电话1】"


def test_texts_are_spoken_without_personal_data(server: ModelServer, heard: Heard) -> None:
    sound = server.synthesise(PERSONAL)
    assert [key.key for key in speech.keys(sound)] == ["4", "2"]
    ((path, _, sent),) = heard.calls
    assert path == "/v1/audio/speech"
    assert (sent["input"], sent["response_format"]) == (CLEAN, "wav")


def test_it_is_off_until_an_address_is_given() -> None:
    with pytest.raises(ModelServerError, match="off"):
        ModelServer().complete("您好")


def test_a_refusal_is_told(server: ModelServer, heard: Heard) -> None:
    heard.status, heard.body = 401, b'{"error": {"message": "wrong key"}}'
    with pytest.raises(ModelServerError, match=r"refused \(401\).*wrong key"):
        server.complete("您好")


def test_a_redirect_is_not_followed(server: ModelServer, heard: Heard) -> None:
    heard.status, heard.body = 307, b""
    with pytest.raises(ModelServerError, match=r"refused \(307\)"):
        server.complete("您好")
    assert len(heard.calls) == 1


@pytest.mark.slow
def test_a_slow_server_is_given_up(server: ModelServer, heard: Heard) -> None:
    heard.wait = 0.6
    with pytest.raises(ModelServerError, match="within"):
        ModelServer(server.url, timeout=0.2).complete("您好")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(ModelServerError, match="cannot be reached"):
        ModelServer("http://127.0.0.1:9").complete("您好")
    with pytest.raises(ModelServerError, match="cannot be reached"):
        ModelServer("nonsense").complete("您好")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<html>", "no JSON"),
        (b"[]", "no JSON object"),
        (b'{"choices": []}', "choices"),
        (b'{"choices": 3}', "choices"),
    ],
)
def test_an_answer_that_is_none_is_told(server: ModelServer, heard: Heard, body: bytes, message: str) -> None:
    heard.body = body
    with pytest.raises(ModelServerError, match=message):
        server.complete("您好")


def test_speech_that_is_none_is_told(server: ModelServer, heard: Heard) -> None:
    heard.body = b"{}"
    with pytest.raises(ModelServerError, match="no text"):
        server.recognise(SPOKEN)
    with pytest.raises(ModelServerError, match="cannot be read"):
        server.synthesise("您好")


def test_too_long_an_answer_is_refused(server: ModelServer, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rexian_ml.plug.MOST_BYTES", 10)
    with pytest.raises(ModelServerError, match="longer than"):
        server.complete("您好")
