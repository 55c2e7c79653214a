# SPDX-License-Identifier: Apache-2.0
"""The way of a work order as one table: every state, every edge, who may take it, why it is there, what it asks for and records.

Pure: no Django beyond names, no database. `actions` take edges; nothing else changes an order's state.
Sources: 国办发〔2020〕53号 (the flow), 国办函〔2025〕66号 (disputes, repeats), and the rules named in the rule packs.
"""

from dataclasses import dataclass
from enum import StrEnum

from rexian.security.posts import Outsider, Post


class State(StrEnum):
    SUBMITTED = "submitted"  # 待受理
    SUPPLEMENTING = "supplementing"  # 待补充
    ACCEPTED = "accepted"  # 待派遣
    DISPATCHED = "dispatched"  # 待签收
    RETURNING = "returning"  # 退回待审
    HANDLING = "handling"  # 处置中
    PROMISED = "promised"  # 承诺办理
    REVIEWING = "reviewing"  # 待审核
    VISITING = "visiting"  # 待回访
    CLOSING = "closing"  # 待结案
    CLOSED = "closed"  # 已结案
    REFUSED = "refused"  # 不予受理
    TRANSFERRED = "transferred"  # 已转紧急热线
    MERGED = "merged"  # 已并单
    ARCHIVED = "archived"  # 已归档


BEFORE_DISPATCH = frozenset({State.SUBMITTED, State.SUPPLEMENTING, State.ACCEPTED})
AT_DEPARTMENT = frozenset({State.DISPATCHED, State.RETURNING, State.HANDLING, State.PROMISED})
AFTER_REPLY = frozenset({State.REVIEWING, State.VISITING, State.CLOSING})
OPEN = BEFORE_DISPATCH | AT_DEPARTMENT | AFTER_REPLY
ENDED = frozenset({State.CLOSED, State.REFUSED, State.TRANSFERRED})
MERGEABLE = frozenset({State.SUBMITTED, State.ACCEPTED, State.DISPATCHED, State.HANDLING})

CITIZEN, SYSTEM = Outsider.CITIZEN, Outsider.SYSTEM
DESK = frozenset({Post.AGENT, Post.DISPATCHER})
DEPARTMENT = frozenset({Post.CLERK, Post.HEAD})
REVIEW = frozenset({Post.DISPATCHER, Post.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Edge:
    """One move an order can make.

    `sources` empty: the order's beginning. `target` None: the order stays in its state. `own`: only by a department that has the order
    (lead, or assisting where `assisting`). `requires`: what must be given, not blank. `records`: what else the event keeps.
    """

    name: str
    sources: frozenset[State]
    target: State | None
    who: frozenset[Post | Outsider]
    why: str
    requires: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    own: bool = False
    assisting: bool = False


def _edge(
    name: str,
    sources: State | frozenset[State],
    target: State | None,
    who: frozenset[Post] | frozenset[Post | Outsider] | set[Post | Outsider] | Post | Outsider,
    why: str,
    requires: str = "",
    records: str = "",
    own: bool = False,
    assisting: bool = False,
) -> Edge:
    posts = frozenset({who}) if isinstance(who, Post | Outsider) else frozenset(who)
    states = frozenset({sources}) if isinstance(sources, State) else sources
    return Edge(name, states, target, posts, why, tuple(requires.split()), tuple(records.split()), own, assisting)


S = State
EDGES: dict[str, Edge] = {
    edge.name: edge
    for edge in (
        # Intake
        _edge(
            "submit",
            frozenset(),
            S.SUBMITTED,
            {CITIZEN, SYSTEM, Post.AGENT},
            "任一渠道的诉求都成为一张工单",
            "text",
            "channel kind area category danger digest",
        ),
        _edge("ask_supplement", S.SUBMITTED, S.SUPPLEMENTING, DESK, "要素不全，不能受理，先问诉求人", "question"),
        _edge("supplement", S.SUPPLEMENTING, S.SUBMITTED, {CITIZEN, Post.AGENT}, "诉求人补全要素后重新受理", "text"),
        _edge("add", OPEN - {S.SUPPLEMENTING}, None, {CITIZEN, Post.AGENT}, "诉求人随时可以补充情况", "text"),
        _edge(
            "attach",
            OPEN,
            None,
            {CITIZEN, Post.AGENT, Post.DISPATCHER, Post.CLERK, Post.HEAD},
            "照片和文件随单，内容入链",
            "",
            "name sha256",
        ),
        _edge(
            "accept",
            S.SUBMITTED,
            S.ACCEPTED,
            DESK | {SYSTEM},
            "要素齐全，属于受理范围",
            "kind",
            "category area urgency clause due",
        ),
        _edge("refuse", BEFORE_DISPATCH, S.REFUSED, DESK, "不属于受理范围，须告知理由和去处", "reason"),
        _edge("appeal", S.REFUSED, S.SUBMITTED, {CITIZEN, Post.AGENT}, "不予受理可以申诉一次，由另一人再看", "reason"),
        _edge(
            "answer",
            frozenset({S.SUBMITTED, S.ACCEPTED}),
            S.CLOSED,
            DESK,
            "知识库能答的，话务员当场答复",
            "reply_citizen",
            "reply_public",
        ),
        _edge(
            "transfer",
            frozenset({S.SUBMITTED, S.ACCEPTED}),
            S.TRANSFERRED,
            DESK,
            "危险和警情归 110、119、120、122",
            "hotline note",
        ),
        _edge(
            "classify",
            frozenset({S.SUBMITTED, S.ACCEPTED}),
            None,
            DESK,
            "分类、性质、地点有误，派单前改正",
            "",
            "category kind area urgency",
        ),
        # Dispatch
        _edge(
            "dispatch",
            S.ACCEPTED,
            S.DISPATCHED,
            DESK | {SYSTEM},
            "按派单目录交主办和协办单位",
            "category lead",
            "assisting clause due line proposal confidence",
        ),
        _edge(
            "designate",
            S.ACCEPTED,
            S.DISPATCHED,
            REVIEW,
            "三次派单仍有争议，由热线指定，不得再退",
            "category lead reason",
            "assisting clause due",
        ),
        _edge("sign", S.DISPATCHED, S.HANDLING, DEPARTMENT, "承办单位确认收到，开始办理", own=True),
        _edge(
            "ask_return",
            frozenset({S.DISPATCHED, S.HANDLING}),
            S.RETURNING,
            DEPARTMENT,
            "不属本单位职责，须说明理由并建议去处",
            "reason",
            "suggested",
            own=True,
        ),
        _edge(
            "accept_return",
            S.RETURNING,
            S.ACCEPTED,
            REVIEW | {SYSTEM},
            "退回成立，重新派单；逾期不审视为同意",
            "",
            "reason silent",
        ),
        _edge("refuse_return", S.RETURNING, S.DISPATCHED, REVIEW, "退回不成立，原单位继续办理", "reason"),
        # Handling
        _edge("hand_on", S.HANDLING, None, DEPARTMENT, "单位内部转给具体科室", "department", own=True),
        _edge(
            "contact",
            frozenset({S.DISPATCHED, S.HANDLING, S.PROMISED}),
            None,
            DEPARTMENT,
            "响应率看是否在时限内联系诉求人",
            "result",
            "number reached",
            own=True,
            assisting=True,
        ),
        _edge(
            "opine",
            frozenset({S.HANDLING, S.PROMISED}),
            None,
            DEPARTMENT,
            "协办单位把意见交给主办单位",
            "opinion",
            own=True,
            assisting=True,
        ),
        _edge("ask_extension", S.HANDLING, None, DEPARTMENT, "情况复杂，到期前申请延期", "reason days", own=True),
        _edge("grant_extension", S.HANDLING, None, REVIEW, "同意延期，期限顺延", "", "days clause due reason"),
        _edge("deny_extension", S.HANDLING, None, REVIEW, "不同意延期，期限不变", "reason"),
        _edge(
            "promise",
            S.HANDLING,
            S.PROMISED,
            Post.HEAD,
            "一时办不了的，负责人承诺日期并告知诉求人",
            "reason until",
            "due",
            own=True,
        ),
        _edge(
            "reply",
            frozenset({S.HANDLING, S.PROMISED}),
            S.REVIEWING,
            DEPARTMENT,
            "办理完毕，答复诉求人",
            "reply_citizen facts solved",
            "reply_public outside_duty why_unsolved",
            own=True,
        ),
        # Review, visit, close
        _edge("approve", S.REVIEWING, S.VISITING, REVIEW, "答复切题、有依据，交回访", "", "publish"),
        _edge("send_back", S.REVIEWING, S.HANDLING, REVIEW, "答复不切题或没有依据，退回重写", "reason"),
        _edge(
            "visit",
            S.VISITING,
            S.CLOSING,
            frozenset({Post.VISITOR}),
            "问诉求人是否解决、是否满意",
            "solved grade",
            "number why_unsolved remark",
        ),
        _edge("visit_missed", S.VISITING, None, frozenset({Post.VISITOR}), "未接通，另约时间再访", "result"),
        _edge(
            "end_visits", S.VISITING, S.CLOSING, frozenset({Post.VISITOR, SYSTEM}), "多次未接通，不计入满意率", "reason"
        ),
        _edge(
            "rate",
            frozenset({S.VISITING, S.CLOSING, S.CLOSED}),
            None,
            CITIZEN,
            "诉求人自己评价，好差评五级",
            "grade",
            "solved remark",
        ),
        _edge(
            "redo",
            frozenset({S.VISITING, S.CLOSING}),
            S.DISPATCHED,
            frozenset({Post.VISITOR, Post.SUPERVISOR}),
            "未解决或不满意且理由成立，原单位重办",
            "reason",
            "clause due",
        ),
        _edge(
            "close",
            S.CLOSING,
            S.CLOSED,
            frozenset({Post.VISITOR, Post.DISPATCHER, Post.SUPERVISOR, SYSTEM}),
            "回访完毕，办结",
            "",
            "outcome",
        ),
        _edge("reopen", S.CLOSED, S.ACCEPTED, {CITIZEN, Post.AGENT}, "办结后问题又出现，限期内可以再提", "reason"),
        _edge("archive", ENDED, S.ARCHIVED, SYSTEM, "再提期限已过，归档"),
        # Supervision
        _edge("remind", OPEN, None, SYSTEM, "本环节将到时限，提醒一次", "", "stage"),
        _edge(
            "urge",
            OPEN,
            None,
            {CITIZEN, Post.AGENT, Post.SUPERVISOR, Post.LEADER, Post.HEAD},
            "催办：诉求人催，热线催，或负责人催本单位",
            "reason",
            own=True,
        ),
        _edge("yellow", AT_DEPARTMENT, None, SYSTEM, "到期前一个工作日黄牌", "", "due"),
        _edge("red", AT_DEPARTMENT, None, SYSTEM, "逾期第一天红牌", "", "due"),
        _edge(
            "supervise",
            AT_DEPARTMENT,
            None,
            frozenset({Post.SUPERVISOR, Post.LEADER}),
            "红牌后、重办后仍不满意，发督办单",
            "reason",
            "until",
        ),
        # Repeats
        _edge(
            "merge",
            MERGEABLE,
            S.MERGED,
            DESK | {Post.SUPERVISOR},
            "同一件事的重复诉求并入一张，一起答复",
            "parent",
            "from_state",
        ),
        _edge("unmerge", S.MERGED, S.ACCEPTED, DESK | {Post.SUPERVISOR}, "并错了，或事情不同，分开办", "reason"),
        _edge("close_with_parent", S.MERGED, S.CLOSED, SYSTEM, "主单办结，重复诉求一并答复"),
        # What others may see
        _edge(
            "make_confidential",
            OPEN,
            None,
            DESK | {Post.SUPERVISOR, CITIZEN},
            "诉求人要求保密，或举报须保密",
            "",
            "named",
        ),
        _edge("publish", S.CLOSED, None, REVIEW, "答复对别人有用，公开", "reply_public"),
        _edge("withdraw", S.CLOSED, None, REVIEW, "公开有误，撤回", "reason"),
    )
}


def edges_from(state: State, role: Post | Outsider) -> list[Edge]:
    """The edges that one of `role` can take from `state`, in the table's order."""
    return [edge for edge in EDGES.values() if state in edge.sources and role in edge.who]
