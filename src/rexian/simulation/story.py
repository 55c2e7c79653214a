# SPDX-License-Identifier: Apache-2.0
"""One order's way through the hotline as a story: which edges it takes, when, by whom. Who tells it decides how it is written down."""

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from rexian.directory.models import Category, Department
from rexian.orders.deadlines import ZONE
from rexian.orders.models import WorkOrder
from rexian.orders.workflow import State
from rexian.security.identity import CITIZEN, By
from rexian.simulation.town import Manner, manner

HOUR = timedelta(hours=1)
REASONS = ("职责不在我单位，按三定方案属{other}。", "该地段已移交{other}管理，请改派。", "需{other}牵头，我单位配合。")
REPLIES = (
    "您好，您反映的{what}问题，我单位已派人到现场核实，{done}。感谢您的监督。",
    "经核查，{what}情况属实。{done}，如再有问题请拨打我单位电话。",
    "已与您电话沟通。关于{what}，{done}。",
)
DONE = ("现已处理完毕", "已于当日恢复正常", "已责令限期整改并复查", "已按规定办理", "已安排维修，现已修好")
NOT_YET = ("因涉及管网改造，已列入年度计划", "不符合现行政策，已向您解释", "需多方协商，正在推进")


@dataclass(frozen=True, slots=True)
class Step:
    """An edge taken at a moment, by someone, with its data."""

    edge: str
    at: datetime
    by: By
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts in the story of one order: the hotline's people, the right department, and one that it may wrongly go to first."""

    agent: By
    dispatcher: By
    supervisor: By
    visitor: By
    category: Category
    lead: Department
    assisting: list[Department]
    wrong: Department
    line: int | None
    staff: dict[int, tuple[By, By]]
    """By department id: its clerk and its head."""

    def clerk(self, department: Department) -> By:
        return self.staff[department.pk][0]


Telling = Generator[Step, WorkOrder, None]


def opened(moment: datetime) -> datetime:
    """The moment itself in office hours, else the next morning."""
    local = moment.astimezone(ZONE)
    if 8 <= local.hour < 19:
        return moment
    day = local.date() + timedelta(days=1 if local.hour >= 19 else 0)
    return datetime.combine(day, time(8, 30), ZONE) + timedelta(minutes=local.minute, seconds=local.second)


def tell(rng: random.Random, order: WorkOrder, cast: Cast) -> Telling:
    """The whole story after submission. Yields each step and is sent the order as it then stands."""
    at = order.received_at
    if order.state == State.SUBMITTED:
        at = at + timedelta(minutes=rng.expovariate(1 / 25))
        order = yield Step("accept", at, cast.dispatcher, {"category": cast.category})
    if order.danger:
        yield Step(
            "transfer", at + timedelta(minutes=2), cast.agent, {"hotline": "119", "note": "有人身危险，已转并保持联系"}
        )
        return
    if order.kind in ("consult", "praise") and rng.random() < 0.55:
        reply = "您好，您咨询的事项按现行政策可以办理，材料和流程已告知，可在政务服务网预约。"
        yield Step("answer", at + timedelta(minutes=rng.uniform(1, 6)), cast.agent, {"reply_citizen": reply})
        return
    if rng.random() < 0.015:
        yield Step(
            "refuse", at + timedelta(minutes=5), cast.dispatcher, {"reason": "已进入诉讼程序，请以法院裁判为准。"}
        )
        return
    at = opened(at + timedelta(minutes=rng.uniform(3, 90)))
    ways = manner(cast.lead.code)
    if rng.random() < 0.05:
        order, at = yield from _returned(rng, order, cast, at)
    order = yield Step("dispatch", at, cast.dispatcher, _dispatch(cast, cast.lead))
    for again in range(3):
        order, at = yield from _handled(rng, order, cast, at, ways)
        order, at, content = yield from _visited(rng, order, cast, at, ways)
        if content or again == 2:
            break
        at += timedelta(minutes=10)
        order = yield Step("redo", at, cast.visitor, {"reason": "诉求人表示问题没有解决，请重新办理。"})
    yield Step("close", at + HOUR, cast.visitor)


def _dispatch(cast: Cast, lead: Department) -> dict[str, Any]:
    right = lead == cast.lead
    return {
        "category": cast.category,
        "lead": lead,
        "assisting": cast.assisting if right else [],
        "line": cast.line if right else None,
    }


def _returned(
    rng: random.Random, order: WorkOrder, cast: Cast, at: datetime
) -> Generator[Step, WorkOrder, tuple[WorkOrder, datetime]]:
    """Sent to the wrong department first, which gives it back."""
    order = yield Step("dispatch", at, cast.dispatcher, _dispatch(cast, cast.wrong))
    at = at + timedelta(minutes=rng.uniform(20, 120))
    reason = rng.choice(REASONS).format(other=cast.lead.name)
    order = yield Step("ask_return", at, cast.clerk(cast.wrong), {"reason": reason, "suggested": cast.lead})
    at = at + timedelta(minutes=rng.uniform(20, 100))
    order = yield Step("accept_return", at, cast.dispatcher, {"reason": "理由成立"})
    return order, at + timedelta(minutes=rng.uniform(2, 30))


def _handled(
    rng: random.Random, order: WorkOrder, cast: Cast, at: datetime, ways: Manner
) -> Generator[Step, WorkOrder, tuple[WorkOrder, datetime]]:
    """From sign-for to the reply, in the department's own time."""
    clerk, begun, due = cast.clerk(cast.lead), at, order.due_at or at + HOUR
    used = min(1.6, rng.lognormvariate(0, 0.55) * ways.pace)
    done = begun + (due - begun) * used
    at = begun + (done - begun) * rng.uniform(0.02, 0.2)
    order = yield Step("sign", at, clerk)
    at = at + (done - at) * rng.uniform(0.1, 0.5)
    order = yield Step("contact", at, clerk, {"result": "已与诉求人电话联系，核实情况", "reached": True})
    if used > 0.8 and due - begun > timedelta(days=3) and rng.random() < 0.4 and at < due:
        at = min(at + HOUR, due - timedelta(minutes=5))
        order = yield Step("ask_extension", at, clerk, {"reason": "需协调多方，申请延期", "days": rng.randint(1, 5)})
        at += timedelta(minutes=rng.uniform(20, 200))
        order = yield Step("grant_extension", at, cast.supervisor, {"reason": "同意"})
    at = max(done, at + timedelta(minutes=5))
    order = yield Step("reply", at, clerk, _reply(rng, order, cast, ways))
    at = opened(at + timedelta(minutes=rng.uniform(10, 200)))
    order = yield Step("approve", at, cast.dispatcher, {"publish": bool(order.reply_public) and not order.confidential})
    return order, at


def _reply(rng: random.Random, order: WorkOrder, cast: Cast, ways: Manner) -> dict[str, Any]:
    solved = rng.random() < ways.solves
    what = cast.category.name
    text = rng.choice(REPLIES).format(what=what, done=rng.choice(DONE if solved else NOT_YET))
    public = f"关于{what}的诉求：{text}" if rng.random() < 0.35 and not order.confidential else ""
    facts = rng.choices(("true", "partly", "false"), (8, 1.5, 0.5))[0]
    why = "" if solved else rng.choice(NOT_YET)
    return {"reply_citizen": text, "reply_public": public, "facts": facts, "solved": solved, "why_unsolved": why}


def _visited(
    rng: random.Random, order: WorkOrder, cast: Cast, at: datetime, ways: Manner
) -> Generator[Step, WorkOrder, tuple[WorkOrder, datetime, bool]]:
    """The return visit; tells whether the citizen is content (or cannot be reached)."""
    solved = bool(order.solved)
    if rng.random() < 0.12:
        at = at + HOUR * rng.uniform(1, 30)
        grade = rng.choices((5, 4, 3, 2, 1), (5, 3, 1, 0.5, 0.5) if solved else (0.5, 1, 2, 3, 3))[0]
        order = yield Step("rate", at, CITIZEN, {"grade": grade, "solved": solved})
        at += HOUR
    for _attempt in range(3):
        at = opened(at + HOUR * rng.uniform(2, 20))
        if rng.random() < 0.72:
            grade = rng.choices((5, 4, 3, 2, 1), (6, 3, 1, 0.4, 0.2) if solved else (0.3, 1, 2, 3, 2))[0]
            order = yield Step("visit", at, cast.visitor, {"solved": solved, "grade": grade})
            return order, at, grade >= 3 or rng.random() < 0.5
        order = yield Step("visit_missed", at, cast.visitor, {"result": "无人接听"})
    order = yield Step("end_visits", at + timedelta(minutes=1), cast.visitor, {"reason": "三次未接通"})
    return order, at, True
