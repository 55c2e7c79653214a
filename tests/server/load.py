# SPDX-License-Identifier: Apache-2.0
"""Citizens who go on submitting while something happens to the hotline."""

import threading
import time
import uuid

import httpx

CLIENTS = 6
PATIENCE = 120.0
"""Seconds until a client gives an answer up: the first one of a fresh process takes long on a busy machine."""


class Load:
    """Clients that submit until they are stopped, and remember what they sent and what was acknowledged."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token, self.stopped = url, token, threading.Event()
        self.sent: dict[str, dict[str, str]] = {}
        self.acknowledged: dict[str, str] = {}
        self.refused: list[int] = []
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def _run(self, number: int) -> None:
        with httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {self.token}"}, timeout=PATIENCE
        ) as client:
            while not self.stopped.is_set():
                key = str(uuid.uuid4())
                self.sent[key] = {"text": f"第 {number} 位诉求人反映停水 {key}", "telephone": f"1990000{number:04d}"}
                try:
                    self.submit(client, key)
                except httpx.TransportError:
                    return

    def submit(self, client: httpx.Client, key: str) -> None:
        answer = client.post("/api/v1/requests", json=self.sent[key], headers={"Idempotency-Key": key})
        if answer.status_code in (200, 201):
            self.acknowledged[key] = answer.json()["number"]
        else:
            self.refused.append(answer.status_code)

    def until(self, most: int, seconds: float = 2 * PATIENCE) -> None:
        """Waits until so many more are acknowledged; a slow or busy machine takes its time."""
        end, wanted = time.monotonic() + seconds, len(self.acknowledged) + most
        while len(self.acknowledged) < wanted:
            assert time.monotonic() < end, f"{len(self.acknowledged)} of {wanted} acknowledged, refused: {self.refused}"
            time.sleep(0.1)

    def end(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()
