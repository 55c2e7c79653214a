# SPDX-License-Identifier: Apache-2.0
"""Who may do what, by post. Pure: no Django beyond translation, no database."""

from enum import StrEnum


class Post(StrEnum):
    """A post (岗位) that a member of staff holds; one account holds one post."""

    AGENT = "agent"
    DISPATCHER = "dispatcher"
    CLERK = "clerk"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    VISITOR = "visitor"
    EDITOR = "editor"
    INSPECTOR = "inspector"
    ANALYST = "analyst"
    STEWARD = "steward"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class Outsider(StrEnum):
    """One who acts without a post: the citizen, the hotline's own clock and rules, and who fills in a questionnaire by a link."""

    CITIZEN = "citizen"
    SYSTEM = "system"
    RESPONDENT = "respondent"


DEPARTMENT_POSTS = frozenset({Post.CLERK, Post.HEAD})
"""Posts of the handling departments: they see the orders of their own part of the department tree."""
