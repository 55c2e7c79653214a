# SPDX-License-Identifier: Apache-2.0
"""Who may see and run which surveys, and what a link opens: decided here and nowhere else."""

from dataclasses import dataclass

from django.db.models import QuerySet

from rexian.assessment.models import Invitation, Survey
from rexian.directory import clock
from rexian.security import encryption
from rexian.security.identity import By
from rexian.security.posts import Post

RUNNERS = (Post.STEWARD, Post.ANALYST, Post.ADMINISTRATOR)
"""Who run surveys: all of them see every survey; links of one are renewed and answers reopened by its owner or an administrator."""
OWN = (Post.LEADER, Post.ADMINISTRATOR)
"""Who fill in and sign for the city of this installation."""
READERS = (*RUNNERS, Post.LEADER)


@dataclass(frozen=True, slots=True)
class Held:
    """What a link opens: the invitation, and whether it is the head's link, which signs."""

    invitation: Invitation
    signs: bool


def surveys(by: By) -> QuerySet[Survey]:
    """The surveys that `by` may see."""
    return Survey.objects.select_related("owner") if by.role in READERS else Survey.objects.none()


def get_survey(pk: int, by: By) -> Survey:
    """The survey if `by` may see it; raises Survey.DoesNotExist."""
    return surveys(by).get(pk=pk)


def get_invitation(pk: int, by: By) -> Invitation:
    """The invitation if `by` runs surveys; raises Invitation.DoesNotExist."""
    found = Invitation.objects.select_related("survey") if by.role in RUNNERS else Invitation.objects.none()
    return found.get(pk=pk)


def runs(survey: Survey, by: By) -> bool:
    """Whether `by` is the survey's owner, or an administrator."""
    return by.role is Post.ADMINISTRATOR or (by.role in RUNNERS and by.user_id == survey.owner_id)


def link_index(token: str) -> bytes:
    """By what a link is found; the token itself is nowhere in plain text."""
    return encryption.blind_index(token, "assessment.link")


def link(survey: Survey, token: str) -> str:
    """The link that holds a token."""
    return f"{survey.address}{token}/"


def held(token: str) -> Held | None:
    """What a token opens now; None for one that is unknown, revoked or past the survey's end, which all look the same."""
    index, now = link_index(token), clock.now()
    found = Invitation.objects.select_related("survey").filter(
        revoked_at=None, survey__closes__gt=now, survey__opens__lte=now
    )
    for name in ("fill_link", "sign_link"):
        one = found.filter(**{name: index}).first()
        if one is not None:
            return Held(one, signs=name == "sign_link")
    return None
