# SPDX-License-Identifier: Apache-2.0
"""The plug for a model server that speaks OpenAI's protocol, inside the government's network. Off unless an address is given.

Personal data is taken out of every text before it leaves (`rexian_ml.redact`). Speech cannot be redacted before it is recognised: give `recognise`
only to a server that may hear it.
"""

from dataclasses import dataclass
from typing import Any

import httpx

from rexian_ml.redact import redact
from rexian_ml.speech.sound import Sound, read_wav, write_wav
from rexian_ml.speech.voices import SpeechError

MOST_BYTES = 50_000_000
"""Of an answer; more is an error of the server's."""
EXCERPT = 200
"""Characters of a server's error that are shown."""


class ModelServerError(SpeechError):
    """The model server is off, cannot be reached, is too slow, refuses, or answers what cannot be read."""


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server at `url` (such as http://10.1.2.3:8000, without /v1); `key` goes along as bearer token; `timeout` in seconds, for each step of a call.

    Without `url` every call raises ModelServerError. A Recogniser and a Synthesiser, and `complete` for texts. Environment variables for proxies
    are not followed, so that nothing leaves by a way that nobody chose here.
    """

    url: str = ""
    key: str = ""
    chat_model: str = "default"
    recognition_model: str = "whisper-1"
    speech_model: str = "tts-1"
    voice: str = "alloy"
    timeout: float = 30.0

    def complete(self, text: str, *, instructions: str = "", most_tokens: int = 1024) -> str:
        """The model's answer to a text, at temperature 0 (POST /v1/chat/completions)."""
        messages = [{"role": "system", "content": instructions}] if instructions else []
        messages.append({"role": "user", "content": text})
        clean = [{**message, "content": redact(message["content"]).text} for message in messages]
        answer = self._json(
            "chat/completions",
            json={"model": self.chat_model, "messages": clean, "temperature": 0, "max_tokens": most_tokens},
        )
        try:
            return str(answer["choices"][0]["message"]["content"])
        except (KeyError, IndexError, TypeError) as error:
            raise ModelServerError("the model server's answer has no choices[0].message.content") from error

    def recognise(self, sound: Sound, *, hint: str = "") -> str:
        """The words spoken (POST /v1/audio/transcriptions); `hint`: words that are likely, such as names of places."""
        fields = {
            "model": self.recognition_model,
            "language": "zh",
            "response_format": "json",
            "prompt": redact(hint).text,
        }
        files = {"file": ("speech.wav", write_wav(sound), "audio/wav")}
        answer = self._json(
            "audio/transcriptions", data={name: value for name, value in fields.items() if value}, files=files
        )
        if not isinstance(answer.get("text"), str):
            raise ModelServerError("the model server's answer has no text")
        return str(answer["text"]).strip()

    def synthesise(self, text: str) -> Sound:
        """The text spoken, its personal data as placeholders (POST /v1/audio/speech, as wav)."""
        body = {"model": self.speech_model, "voice": self.voice, "input": redact(text).text, "response_format": "wav"}
        try:
            return read_wav(self._post("audio/speech", json=body))
        except ValueError as error:
            raise ModelServerError(f"the model server's speech cannot be read: {error}") from error

    def _json(self, path: str, **call: Any) -> dict[str, Any]:
        content = self._post(path, **call)
        try:
            answer = httpx.Response(200, content=content).json()
        except ValueError as error:
            raise ModelServerError("the model server's answer is no JSON") from error
        if not isinstance(answer, dict):
            raise ModelServerError("the model server's answer is no JSON object")
        return answer

    def _post(self, path: str, **call: Any) -> bytes:
        """The body of the answer."""
        if not self.url:
            raise ModelServerError("no model server is set up: it is off until an address is given")
        address = f"{self.url.rstrip('/')}/v1/{path}"
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            with (
                httpx.Client(timeout=self.timeout, trust_env=False, follow_redirects=False) as client,
                client.stream("POST", address, headers=headers, **call) as response,
            ):
                return _body(response)
        except httpx.TimeoutException as error:
            raise ModelServerError(
                f"the model server at {self.url} did not answer within {self.timeout:g} s"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelServerError(f"the model server at {self.url} cannot be reached: {error}") from error


def _body(response: httpx.Response) -> bytes:
    """The whole answer, if it is one of success and not too long."""
    content = b""
    for part in response.iter_bytes():
        content += part
        if len(content) > MOST_BYTES:
            raise ModelServerError(f"the model server's answer is longer than {MOST_BYTES:,} bytes")
    if response.status_code != httpx.codes.OK:
        raise ModelServerError(
            f"the model server refused ({response.status_code}): {content.decode(errors='replace')[:EXCERPT]}"
        )
    return content
