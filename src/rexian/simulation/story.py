# SPDX-License-Identifier: Apache-2.0
"""One order's way through the hotline as a story: which edges it takes, when, by whom. Who tells it decides how it is written down."""

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from rexian.orders.deadlines import ZONE
from rexian.orders.models import WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import CITIZEN, By
from rexian.simulation import words
from rexian.simulation.cast import Cast
from rexian.simulation.town import Manner, manner

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(slots=True)
class Step:
    """An edge taken at a moment, by someone, with its data. An `optional` one is left out where the order has meanwhile moved on with another."""

    edge: str
    at: datetime
    by: By
    data: dict[str, Any] = field(default_factory=dict)
    optional: bool = False


Telling = Generator[Step, WorkOrder, None]
Part = Generator[Step, WorkOrder, tuple[WorkOrder, datetime]]
"""A part of a story: gives back the order and the moment at which it has come to its end."""


def opened(moment: datetime) -> datetime:
    """The moment itself in the city's office hours, else the next morning."""
    local = moment.astimezone(ZONE)
    if 8 <= local.hour < 19:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= 19 else 0)
    morning = datetime.combine(day, time(8, 30), ZONE) + timedelta(minutes=local.minute, seconds=local.second)
    return morning.astimezone(UTC)


def after(rng: random.Random, at: datetime, least: float, most: float) -> datetime:
    """Some minutes later."""
    return at + MINUTE * rng.uniform(least, most)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one order's story: by what dice, with which cast; `parent` is the order that it repeats, if any."""

    rng: random.Random
    cast: Cast
    parent: WorkOrder | None = None

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def tell(self, order: WorkOrder) -> Telling:
        """The whole story after submission. Yields each step and is sent the order as it then stands."""
        order, at = yield from self._accepted(order, order.received_at)
        if self.parent is not None and order.state in (State.SUBMITTED, State.ACCEPTED):
            order, at = yield from self._repeated(order, at, self.parent)
        if order.state == State.ACCEPTED:
            order, at = yield from self._decided(order, at)
        if order.state == State.ACCEPTED:
            yield from self._worked(order, at)

    def _accepted(self, order: WorkOrder, at: datetime) -> Part:
        """Written requests wait for a dispatcher, who may have to ask first."""
        if order.state != State.SUBMITTED:
            return order, at
        at = opened(at + MINUTE * self.rng.expovariate(1 / 25))
        by = self.cast.dispatcher
        if self.parent is None and not order.danger and self.chance(0.06):
            order = yield Step("ask_supplement", at, by, {"question": self.rng.choice(words.QUESTIONS)})
            if self.chance(0.2):  # never answered
                at = opened(at + DAY * 8)
                order = yield Step("refuse", at, by, {"reason": words.SILENT})
                return order, at
            at = after(self.rng, at, 10, 2000)
            order = yield Step("supplement", at, CITIZEN, {"text": self.rng.choice(words.SUPPLEMENTS)})
            at = opened(after(self.rng, at, 5, 60))
        order = yield Step("accept", at, by, {"category": self.cast.category})
        return order, at

    def _repeated(self, order: WorkOrder, at: datetime, parent: WorkOrder) -> Part:
        """Merged into the order that it repeats, when a dispatcher sees it in time; now and then wrongly."""
        if self.chance(0.25):
            return order, at
        at = max(after(self.rng, at, 2, 40), parent.received_at + MINUTE)
        order = yield Step("merge", at, self.cast.dispatcher, {"parent": parent}, optional=True)
        if self.chance(0.08):
            at = after(self.rng, at, 30, 300)
            step = Step(
                "unmerge", at, self.cast.dispatcher, {"reason": self.rng.choice(words.DIFFERENT)}, optional=True
            )
            order = yield step
        return order, at

    def _decided(self, order: WorkOrder, at: datetime) -> Part:
        """What ends before any department hears of it: danger, an answer at once, a refusal."""
        cast, rng = self.cast, self.rng
        if order.danger:
            hotline = (order.proposal or {}).get("danger", {}).get("hotline", "119")
            at += MINUTE * 2
            order = yield Step("transfer", at, cast.agent, {"hotline": hotline, "note": words.TRANSFERRED})
        elif order.kind in ("consult", "praise") and self.chance(0.55):
            at = after(rng, at, 1, 6)
            public = words.ANSWER_PUBLIC if self.chance(0.1) and not order.confidential else ""
            order = yield Step("answer", at, cast.agent, {"reply_citizen": words.ANSWER, "reply_public": public})
        elif self.chance(0.015):
            at = after(rng, at, 4, 30)
            order = yield Step("refuse", at, cast.dispatcher, {"reason": rng.choice(words.REFUSALS)})
            if self.chance(0.2):
                at = after(rng, at, 60, 3000)
                order = yield Step("appeal", at, CITIZEN, {"reason": words.APPEAL})
                at = opened(after(rng, at, 20, 200))
                order = yield Step("accept", at, cast.agent)
        return order, at

    def _worked(self, order: WorkOrder, at: datetime) -> Telling:
        """Through departments until it is closed, and again where the citizen takes it up anew."""
        order, at = yield from self._prepared(order, opened(after(self.rng, at, 3, 90)))
        order, at = yield from self._dispatched(order, at)
        order, at = yield from self._answered(order, at)
        at += HOUR
        order = yield Step("close", at, self.cast.visitor)
        at = after(self.rng, at, 60, 6 * 24 * 60)
        if not order.solved and self.chance(0.12):
            order = yield Step("reopen", at, CITIZEN, {"reason": self.rng.choice(words.AGAIN)})
            order, at = yield from self._dispatched(order, opened(after(self.rng, at, 10, 120)))
            order, at = yield from self._answered(order, at)
            yield Step("close", at + HOUR, self.cast.visitor)
        elif not order.published and not order.confidential and self.chance(0.03):
            order = yield Step("publish", at, self.cast.supervisor, {"reply_public": words.PUBLIC})
            if self.chance(0.1):
                yield Step("withdraw", at + HOUR, self.cast.supervisor, {"reason": words.WITHDRAWN})

    def _prepared(self, order: WorkOrder, at: datetime) -> Part:
        """What the desk does before it dispatches: corrects the category, keeps the citizen's name secret."""
        cast = self.cast
        if order.category_id != cast.category.pk and self.chance(0.7):
            order = yield Step("classify", at, cast.dispatcher, {"category": cast.category})
            at += MINUTE
        if order.kind == "report" and not order.confidential and self.chance(0.05):
            order = yield Step("make_confidential", at, cast.dispatcher, {"named": []})
            at += MINUTE
        return order, at

    # Dispatch ------------------------------------------------------------------------------------------------------------------------

    def _dispatched(self, order: WorkOrder, at: datetime) -> Part:
        """To the right department, now and then by way of wrong ones."""
        quarrel = 0.04 + manner(self.cast.lead.code).quarrels / 3
        if not self.chance(quarrel):
            order = yield Step("dispatch", at, self.cast.dispatcher, self._right())
            return order, at
        for one in self.cast.wrong(self.rng)[: 3 if self.chance(0.06) else 1]:
            order, at = yield from self._returned(order, one, at)
        if order.dispatches >= 3:
            data = self._right() | {"reason": words.DESIGNATED}
            del data["line"]
            order = yield Step("designate", at, self.cast.supervisor, data)
        else:
            order = yield Step("dispatch", at, self.cast.dispatcher, self._right())
        return order, at

    def _right(self) -> dict[str, Any]:
        cast = self.cast
        data = {"category": cast.category, "lead": cast.lead, "assisting": cast.assisting, "line": cast.line}
        return data | ({"complex": True} if self.chance(0.03) else {})

    def _returned(self, order: WorkOrder, wrong: Any, at: datetime) -> Part:
        """Sent to a department that gives it back; who reviews that may refuse at first, or not look at all."""
        cast, rng = self.cast, self.rng
        data = {"category": cast.category, "lead": wrong, "assisting": [], "line": None}
        order = yield Step("dispatch", at, cast.dispatcher, data)
        refused = self.chance(0.15)
        for again in range(2 if refused else 1):
            at = after(rng, at, 20, 120)
            reason = rng.choice(words.REASONS).format(other=cast.lead.name)
            order = yield Step("ask_return", at, cast.clerk(wrong), {"reason": reason, "suggested": cast.lead})
            if refused and not again:
                at = after(rng, at, 20, 100)
                order = yield Step("refuse_return", at, cast.supervisor, {"reason": words.STAYS})
        if self.chance(0.1) and order.stage_due_at:  # nobody looks: silence is consent
            return order, opened(order.stage_due_at + HOUR)
        at = after(rng, at, 20, 100)
        order = yield Step("accept_return", at, cast.dispatcher, {"reason": "理由成立"})
        return order, after(rng, at, 2, 30)

    # The department --------------------------------------------------------------------------------------------------------------------

    def _answered(self, order: WorkOrder, at: datetime) -> Part:
        """Handled and visited, and again as long as the citizen is not content, three times at the most."""
        for again in range(3):
            order, at = yield from self._handled(order, at)
            order, at = yield from self._visited(order, at)
            if again == 2 or order.state != State.CLOSING or not self._unhappy(order):
                break
            at += MINUTE * 10
            order = yield Step("redo", at, self.cast.visitor, {"reason": self.rng.choice(words.REDO)})
        return order, at

    def _unhappy(self, order: WorkOrder) -> bool:
        return order.grade is not None and order.grade < 3 and self.chance(0.5)

    def _handled(self, order: WorkOrder, at: datetime) -> Part:
        """From sign-for to the reply that the hotline passes on, in the department's own time."""
        rng, clerk, ways = self.rng, self.cast.clerk(self.cast.lead), manner(self.cast.lead.code)
        begun, due = at, order.due_at or at + HOUR
        used = min(1.6, rng.lognormvariate(0, 0.55) * ways.pace)
        done = begun + (due - begun) * used
        at = begun + (done - begun) * rng.uniform(0.02, 0.2)
        order = yield Step("sign", at, clerk)
        order, at = yield from self._inside(order, at, done)
        at = at + (done - at) * rng.uniform(0.1, 0.4)
        order = yield Step("contact", at, clerk, {"result": rng.choice(words.CONTACTS), "reached": True})
        order, at = yield from self._pressed(order, at, done, used)
        if used > 0.8 and not order.extensions and due - begun > timedelta(days=3) and self.chance(0.4) and at < due:
            order, at = yield from self._extended(order, min(at + HOUR, due - MINUTE * 5))
        elif due - begun > timedelta(days=3) and self.chance(0.03):
            order, at, done = yield from self._promised(order, at)
        order, at = yield from self._supervised(order, at, done)
        return (yield from self._replied(order, max(done, at + MINUTE * 5), ways))

    def _inside(self, order: WorkOrder, at: datetime, done: datetime) -> Part:
        """Within the department: handed on to a section, a first call that nobody takes, the assisting one's opinion."""
        cast, clerk = self.cast, self.cast.clerk(self.cast.lead)
        step = (done - at) / 40
        sections = cast.staff[cast.lead.pk].sections
        if sections and self.chance(0.5):
            at += step
            order = yield Step("hand_on", at, clerk, {"department": self.rng.choice(sections)})
        if self.chance(0.06):
            at += step
            order = yield Step("contact", at, clerk, {"result": "无人接听", "reached": False})
        if cast.assisting and self.chance(0.4):
            at += step
            opinion = {"opinion": self.rng.choice(words.OPINIONS)}
            order = yield Step("opine", at, cast.clerk(cast.assisting[0]), opinion)
        return order, at

    def _pressed(self, order: WorkOrder, at: datetime, done: datetime, used: float) -> Part:
        """The citizen adds to it or urges, the more the longer it takes; the hotline or a leader may urge as well."""
        step = (done - at) / 10
        if self.chance(0.03):
            at += step
            order = yield Step("add", at, CITIZEN, {"text": self.rng.choice(words.SUPPLEMENTS)})
        if self.chance(0.02 if used < 0.8 else 0.2):
            at += step
            who = self.rng.choices((CITIZEN, self.cast.agent, self.cast.supervisor, self.cast.leader), (6, 3, 1, 0.3))[
                0
            ]
            order = yield Step("urge", at, who, {"reason": self.rng.choice(words.URGES)})
        return order, at

    def _extended(self, order: WorkOrder, at: datetime) -> Part:
        asked = {"reason": self.rng.choice(words.EXTENSIONS), "days": self.rng.randint(1, 5)}
        order = yield Step("ask_extension", at, self.cast.clerk(self.cast.lead), asked)
        at = after(self.rng, at, 20, 200)
        if self.chance(0.2):
            order = yield Step("deny_extension", at, self.cast.supervisor, {"reason": words.DENIED})
        else:
            order = yield Step("grant_extension", at, self.cast.supervisor, {"reason": "同意"})
        return order, at

    def _promised(
        self, order: WorkOrder, at: datetime
    ) -> Generator[Step, WorkOrder, tuple[WorkOrder, datetime, datetime]]:
        """What cannot be done now is promised for a day by the head; also gives when it is then done."""
        at += HOUR
        until = (at + DAY * self.rng.randint(5, 60)).astimezone(ZONE).date()
        head = self.cast.staff[self.cast.lead.pk].head
        order = yield Step("promise", at, head, {"reason": self.rng.choice(words.PROMISES), "until": until})
        due = order.due_at or at + DAY
        return order, at, at + (due - at) * self.rng.uniform(0.5, 1.05)

    def _supervised(self, order: WorkOrder, at: datetime, done: datetime) -> Part:
        """A supervision order for what will be late."""
        if order.due_at is not None and order.due_at + HOUR < done and self.chance(0.3):
            at = max(order.due_at + HOUR / 2, at + MINUTE)
            until = (at + DAY * 2).astimezone(ZONE).date()
            order = yield Step("supervise", at, self.cast.supervisor, {"reason": words.SUPERVISED, "until": until})
        return order, at

    def _replied(self, order: WorkOrder, at: datetime, ways: Manner) -> Part:
        clerk, rng = self.cast.clerk(self.cast.lead), self.rng
        order = yield Step("reply", at, clerk, self._reply(order, ways))
        at = opened(after(rng, at, 10, 200))
        if self.chance(0.03):
            order = yield Step("send_back", at, self.cast.supervisor, {"reason": rng.choice(words.SENT_BACK)})
            at = opened(after(rng, at, 60, 300))
            order = yield Step("reply", at, clerk, self._reply(order, ways))
            at = opened(after(rng, at, 10, 200))
        publish = bool(order.reply_public) and not order.confidential
        order = yield Step("approve", at, self.cast.dispatcher, {"publish": publish})
        return order, at

    def _reply(self, order: WorkOrder, ways: Manner) -> dict[str, Any]:
        rng, what = self.rng, self.cast.category.name
        solved = self.chance(ways.solves)
        text = rng.choice(words.REPLIES).format(what=what, done=rng.choice(words.DONE if solved else words.NOT_YET))
        public = f"关于{what}的诉求：{text}" if self.chance(0.35) and not order.confidential else ""
        facts = rng.choices(("true", "partly", "false"), (8, 1.5, 0.5))[0]
        why = "" if solved else rng.choice(words.NOT_YET)
        return {"reply_citizen": text, "reply_public": public, "facts": facts, "solved": solved, "why_unsolved": why}

    # The return visit --------------------------------------------------------------------------------------------------------------------

    def _visited(self, order: WorkOrder, at: datetime) -> Part:
        """The citizen's own rating, and calls until one is taken or three were not."""
        rng, visitor, solved = self.rng, self.cast.visitor, bool(order.solved)
        if self.chance(0.12):
            at += HOUR * rng.uniform(1, 30)
            grade = rng.choices((5, 4, 3, 2, 1), (5, 3, 1, 0.5, 0.5) if solved else (0.5, 1, 2, 3, 3))[0]
            order = yield Step("rate", at, CITIZEN, {"grade": grade, "solved": solved})
            at += HOUR
        for _attempt in range(3):
            at = opened(at + HOUR * rng.uniform(2, 20))
            if self.chance(0.72):
                grade = rng.choices((5, 4, 3, 2, 1), (6, 3, 1, 0.4, 0.2) if solved else (0.3, 1, 2, 3, 2))[0]
                order = yield Step("visit", at, visitor, {"solved": solved, "grade": grade})
                return order, at
            order = yield Step("visit_missed", at, visitor, {"result": "无人接听"})
        at += MINUTE
        order = yield Step("end_visits", at, visitor, {"reason": "三次未接通"})
        return order, at
