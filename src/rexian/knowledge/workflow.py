# SPDX-License-Identifier: Apache-2.0
"""The way of an article as one table: its states, its edges, who may take them and why they are there. Pure.

The state tells where the newest version stands. What readers see is the live version, which stays while a newer one is written and reviewed.
"""

from dataclasses import dataclass
from enum import StrEnum

from rexian.security.posts import DEPARTMENT_POSTS, Outsider, Post


class State(StrEnum):
    DRAFT = "draft"  # 草稿
    REVIEWING = "reviewing"  # 待审核
    PUBLISHED = "published"  # 已发布
    EXPIRED = "expired"  # 已过期
    WITHDRAWN = "withdrawn"  # 已撤下


WRITERS = DEPARTMENT_POSTS | {Post.EDITOR}
"""Posts that write articles; those of the handling departments only their own department's."""
REVIEWERS = frozenset({Post.EDITOR, Post.SUPERVISOR})
READERS = WRITERS | REVIEWERS | {Post.AGENT, Post.DISPATCHER, Post.VISITOR, Post.INSPECTOR}
"""Posts that read the knowledge base."""
SYSTEM = frozenset({Outsider.SYSTEM})


@dataclass(frozen=True, slots=True)
class Edge:
    """One move of an article. `target` None: it stays in its state. `own`: department posts only with their own department's articles.
    `requires`: what must be given, not blank."""

    name: str
    sources: frozenset[State]
    target: State | None
    who: frozenset[Post] | frozenset[Outsider]
    why: str
    requires: tuple[str, ...] = ()
    own: bool = False


def _edge(
    name: str,
    sources: set[State],
    target: State | None,
    who: frozenset[Post] | frozenset[Outsider],
    why: str,
    requires: str = "",
    own: bool = False,
) -> Edge:
    return Edge(name, frozenset(sources), target, who, why, tuple(requires.split()), own)


S = State
EDGES: dict[str, Edge] = {
    edge.name: edge
    for edge in (
        _edge(
            "write", {*S} - {S.REVIEWING}, S.DRAFT, WRITERS, "每次保存都是新的一版，旧版留着", "title body", own=True
        ),
        _edge("submit", {S.DRAFT}, S.REVIEWING, WRITERS, "写好了，交另一人审核后发布", own=True),
        _edge("recall", {S.REVIEWING}, S.DRAFT, WRITERS, "还要改，从审核中收回", own=True),
        _edge("approve", {S.REVIEWING}, S.PUBLISHED, REVIEWERS, "内容准确、依据有效，发布；作者不能审自己的"),
        _edge("send_back", {S.REVIEWING}, S.DRAFT, REVIEWERS, "有误或依据不足，说明理由，退回重写", "reason"),
        _edge(
            "withdraw",
            {S.DRAFT, S.REVIEWING, S.PUBLISHED},
            S.WITHDRAWN,
            REVIEWERS,
            "政策变了或内容有误，立即撤下",
            "reason",
        ),
        _edge("remind", {S.DRAFT, S.REVIEWING, S.PUBLISHED}, None, SYSTEM, "有效期将满，提醒编辑核对，每个提前量一次"),
        _edge("expire", {S.PUBLISHED}, S.EXPIRED, SYSTEM, "有效期已满，读者不再看到"),
        _edge("lapse", {S.DRAFT, S.REVIEWING}, None, SYSTEM, "新版还没发布，读者看到的旧版有效期已满"),
    )
}
REMINDERS = (30, 7)
"""Days before the end of validity on which the editor is reminded, once each."""


def edges_from(state: State, role: Post | Outsider) -> list[Edge]:
    """The edges that one of `role` can take from `state`, in the table's order."""
    return [edge for edge in EDGES.values() if state in edge.sources and role in edge.who]
