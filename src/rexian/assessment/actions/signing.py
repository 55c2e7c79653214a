# SPDX-License-Identifier: Apache-2.0
"""The head's sign-off, after which nothing changes; and its reopening, on record."""

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.assessment import filling, index, queries, questionnaire
from rexian.assessment.access import OWN
from rexian.assessment.actions.filling import begin, told_name
from rexian.assessment.actions.surveying import demand_owner
from rexian.assessment.models import Invitation, SignOff
from rexian.directory import clock
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By


@transaction.atomic
def sign(*, by: By, invitation: Invitation, seen: str) -> SignOff:
    """Signs the answers of digest `seen`, as their head read them, under `by.name`.

    For the own city that is a leader or an administrator. Raises Refusal where something does not fit or must not be empty, and where an
    answer came in after the page was opened.
    """
    locked = begin(invitation, by)
    if locked.own and by.role not in OWN:
        raise Forbidden(_("本市的问卷由领导或管理员登录后签发。"))
    found = filling.progress(questionnaire.load(), index.load(), queries.sheet_of(locked))
    if found.findings:
        question, reason = found.findings[0]
        told = {"n": len(found.findings), "question": question.title, "reason": reason}
        raise Refusal(_("还有 %(n)s 处不对，不能签发。第一处：%(question)s：%(reason)s。") % told)
    digest = queries.digest(locked)
    if digest != seen:
        raise Refusal(_("您打开这一页以后又有人改了答案，请再核对一遍。"))
    locked.state = Invitation.State.SIGNED
    locked.save(update_fields=["state"])
    return SignOff.objects.create(
        invitation=locked, head=told_name(by), user_id=by.user_id, at=clock.now(), digest=digest
    )


@transaction.atomic
def reopen(*, by: By, invitation: Invitation, reason: str) -> SignOff:
    """Opens signed answers again; who, when and why stay on the sign-off."""
    demand_owner(invitation.survey, by)
    if not reason.strip():
        raise Refusal(_("请写明为什么重开。"), field="reason")
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    standing = queries.standing_signoff(locked)
    if standing is None:
        raise Forbidden(_("这份问卷没有签发，不用重开。"))
    standing.reopened_at, standing.reopened_by_id, standing.reason = clock.now(), by.user_id, reason.strip()[:200]
    standing.save(update_fields=["reopened_at", "reopened_by", "reason"])
    locked.state = Invitation.State.STARTED
    locked.save(update_fields=["state"])
    return standing
