# SPDX-License-Identifier: Apache-2.0
"""What clients were told while the hotline was under load, and whether the record agrees."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from tests.server.hotline import Hotline

RECORD = """
import json
from collections import Counter
from rexian.orders.models import OrderEvent, WorkOrder
events = OrderEvent.objects.exclude(role="system").values_list("order__number", "edge")
told = {"orders": list(WorkOrder.objects.values_list("number", "text")), "events": Counter(f"{number} {edge}" for number, edge in events)}
print(json.dumps(told))
"""


@dataclass
class Ledger:
    """Acknowledged and unknown acts by "number edge", submissions by their text, every answer by its status; `deaf`: desks without a stream at the end."""

    acknowledged: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    sent: set[str] = field(default_factory=set)
    received: dict[str, str] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    away: int = 0
    late: int = 0
    deaf: int = 0
    dishonest: list[str] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)

    @property
    def staff_acts(self) -> int:
        """How many acts of staff were acknowledged."""
        return sum(n for key, n in self.acknowledged.items() if key.split()[1] not in ("add", "rate"))

    async def ask(self, client: httpx.AsyncClient, what: str, method: str, url: str, **given: object) -> httpx.Response:
        """One request, counted; raises httpx.TransportError where nobody answered."""
        begun = time.monotonic()
        try:
            answer = await client.request(method, url, **given)  # type: ignore[arg-type]
        except httpx.TimeoutException:
            self.late += 1
            raise
        except httpx.TransportError:
            self.away += 1
            raise
        self.times.setdefault(what, []).append(time.monotonic() - begun)
        self.answers[answer.status_code] += 1
        if answer.status_code >= 500 and not (answer.status_code == 503 and answer.headers.get("Retry-After")):
            self.dishonest.append(f"{method} {url} {answer.status_code}: {answer.text[:200]}")
        return answer


@dataclass(frozen=True)
class Verdict:
    """What is wrong: submissions and acts lost or doubled, and what `audit verify` says."""

    lost_orders: int
    doubled_orders: int
    lost_acts: int
    doubled_acts: int
    audit: str

    @property
    def clean(self) -> bool:
        nothing = not (self.lost_orders or self.doubled_orders or self.lost_acts or self.doubled_acts)
        return nothing and "没有发现改动" in self.audit


def judge(ledger: Ledger, hotline: Hotline) -> Verdict:
    """Holds what clients were told against the record. An act whose answer was lost may stand there once or not at all."""
    told = json.loads(hotline.manage("shell", "--no-imports", "--command", RECORD).strip().splitlines()[-1])
    numbers = {number for number, _text in told["orders"]}
    texts = Counter(text for _number, text in told["orders"])
    events = Counter(told["events"])
    acts = {key for key in events if key.split()[1] != "submit"} | set(ledger.acknowledged)
    most = ledger.acknowledged + ledger.unknown
    return Verdict(
        lost_orders=sum(number not in numbers for number in ledger.received.values()),
        doubled_orders=sum(texts[text] > 1 for text in ledger.sent),
        lost_acts=sum(max(0, ledger.acknowledged[key] - events[key]) for key in acts),
        doubled_acts=sum(max(0, events[key] - most[key]) for key in acts),
        audit=hotline.manage("audit_verify"),
    )
