# SPDX-License-Identifier: Apache-2.0
"""What a handling department does."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rexian.directory import clock
from rexian.directory.models import Department
from rexian.directory.queries import working_calendar
from rexian.orders import deadlines, limits
from rexian.orders.actions.moving import begin, finish
from rexian.orders.models import Assignment, Extension, Facts, WorkOrder
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By


def _lead_assignment(order: WorkOrder) -> Assignment:
    return Assignment.objects.get(order=order, part=Assignment.Part.LEAD, ended_at=None)


@transaction.atomic
def sign(*, order: WorkOrder, by: By) -> WorkOrder:
    """Confirms that the department has the order."""
    locked = begin(order, "sign", by=by)
    now = clock.now()
    Assignment.objects.filter(pk=_lead_assignment(locked).pk).update(signed_at=now)
    return finish(locked, "sign", by=by, signed_at=locked.signed_at or now)


@transaction.atomic
def ask_return(*, order: WorkOrder, by: By, reason: str, suggested: Department | None = None) -> WorkOrder:
    """Asks the hotline to take the order back: not this department's duty. `suggested` names whose it is."""
    locked = begin(order, "ask_return", by=by, reason=reason)
    if locked.designated:
        raise Forbidden(_("这张工单由热线指定承办，不能退回。"))
    assignment = _lead_assignment(locked)
    pack, case = limits.pack_of(locked), limits.case_of(locked)
    limit = deadlines.deadline(pack, "return", case, assignment.since, working_calendar())
    if clock.now() > limit.due:
        raise Forbidden(
            _("退回须在派单后 %(time)s内提出（%(source)s），已过 %(due)s。")
            % {"time": limit.clause.time, "source": limit.clause.source, "due": deadlines.moment_name(limit.due)}
        )
    Assignment.objects.filter(pk=assignment.pk).update(return_reason=reason, suggested=suggested)
    data = {"reason": reason, "suggested": suggested.code if suggested else None}
    return finish(locked, "ask_return", by=by, data=data)


@transaction.atomic
def hand_on(*, order: WorkOrder, by: By, department: Department) -> WorkOrder:
    """Hands the order on to a part of the same department."""
    locked = begin(order, "hand_on", by=by, department=department)
    assignment = _lead_assignment(locked)
    inside = Department.objects.filter(
        Q(path__startswith=assignment.department.path), pk=department.pk, active=True
    ).exclude(pk=assignment.department_id)
    if not inside.exists():
        raise Refusal(_("“%(name)s”不是本单位的科室。") % {"name": department.name}, field="department")
    Assignment.objects.filter(pk=assignment.pk).update(section=department)
    return finish(locked, "hand_on", by=by, data={"department": department.code})


@transaction.atomic
def contact(*, order: WorkOrder, by: By, result: str, number: str = "", reached: bool = True) -> WorkOrder:
    """Records a contact with the citizen; the first one within the limit counts for the response rate.

    `number` is written down masked, since events are kept for ever.
    """
    locked = begin(order, "contact", by=by, result=result)
    data = {
        "result": result,
        "number": number[:3] + "****" + number[-4:] if len(number) >= 7 else "",
        "reached": reached,
    }
    first = locked.contacted_at or (clock.now() if reached else None)
    return finish(locked, "contact", by=by, data=data, contacted_at=first)


@transaction.atomic
def opine(*, order: WorkOrder, by: By, opinion: str) -> WorkOrder:
    """Gives the lead department the opinion of an assisting one."""
    locked = begin(order, "opine", by=by, opinion=opinion)
    mine = Q(order=locked, ended_at=None, department__in=by.departments or ())
    Assignment.objects.filter(mine).update(opinion=opinion)
    return finish(locked, "opine", by=by, data={"opinion": opinion})


@transaction.atomic
def ask_extension(*, order: WorkOrder, by: By, reason: str, days: int) -> WorkOrder:
    """Asks for `days` more working days, before the limit and within the pack's longest."""
    locked = begin(order, "ask_extension", by=by, reason=reason, days=days)
    most = limits.pack_of(locked).clause("extension", limits.case_of(locked))
    if not 1 <= days <= most.amount:
        raise Refusal(
            _("延期 1 到 %(most)s 个工作日（%(source)s）。") % {"most": most.amount, "source": most.source},
            field="days",
        )
    if locked.due_at is not None and clock.now() > locked.due_at:
        raise Forbidden(_("已过办理期限，不能再申请延期。"))
    if locked.extensions:
        raise Forbidden(_("这张工单已延期过一次。"))
    if Extension.objects.filter(order=locked, decided_at=None).exists():
        raise Forbidden(_("上一次延期申请还没有批复。"))
    Extension.objects.create(order=locked, asked_at=clock.now(), days=days, reason=reason, asked_by_id=by.user_id)
    return finish(locked, "ask_extension", by=by, data={"reason": reason, "days": days})


def _open_extension(order: WorkOrder) -> Extension:
    asked = Extension.objects.select_for_update().filter(order=order, decided_at=None).first()
    if asked is None:
        raise Forbidden(_("没有待批的延期申请。"))
    return asked


def _decide(asked: Extension, granted: bool, reason: str) -> None:
    Extension.objects.filter(pk=asked.pk).update(decided_at=clock.now(), granted=granted, decision=reason)


@transaction.atomic
def grant_extension(*, order: WorkOrder, by: By, reason: str = "") -> WorkOrder:
    """Moves the limit on by the days asked for."""
    locked = begin(order, "grant_extension", by=by)
    asked = _open_extension(locked)
    pack, calendar = limits.pack_of(locked), working_calendar()
    due = deadlines.extended(pack, locked.due_at or clock.now(), asked.days, calendar)
    _decide(asked, True, reason)
    return finish(
        locked,
        "grant_extension",
        by=by,
        data={"days": asked.days, "due": due.isoformat(), "clause": "extension", "reason": reason},
        due_at=due,
        warn_at=deadlines.warning(clock.now(), due, calendar),
        clause="extension",
        extensions=locked.extensions + 1,
        card=0,
    )


@transaction.atomic
def deny_extension(*, order: WorkOrder, by: By, reason: str) -> WorkOrder:
    locked = begin(order, "deny_extension", by=by, reason=reason)
    _decide(_open_extension(locked), False, reason)
    return finish(locked, "deny_extension", by=by, data={"reason": reason})


@transaction.atomic
def promise(*, order: WorkOrder, by: By, reason: str, until: date) -> WorkOrder:
    """Promises a day for what cannot be done yet; the citizen has been told, and the limit becomes that day."""
    locked = begin(order, "promise", by=by, reason=reason, until=until)
    if locked.contacted_at is None:
        raise Forbidden(_("先联系诉求人并记录，再承诺日期。"))
    pack, calendar, now = limits.pack_of(locked), working_calendar(), clock.now()
    most = deadlines.deadline(pack, "promise", limits.case_of(locked), now, calendar)
    due = datetime.combine(until, pack.day_ends or time(18), deadlines.ZONE)
    if not now < due <= most.due:
        raise Refusal(
            _("承诺日期须在今天之后、%(most)s之前（%(source)s）。")
            % {"most": deadlines.moment_name(most.due), "source": most.clause.source},
            field="until",
        )
    data = {"reason": reason, "until": until.isoformat(), "due": due.isoformat()}
    warn = deadlines.warning(now, due, calendar)
    return finish(locked, "promise", by=by, data=data, due_at=due, warn_at=warn, clause="promise", card=0)


@transaction.atomic
def reply(
    *,
    order: WorkOrder,
    by: By,
    reply_citizen: str,
    facts: str,
    solved: bool | None,
    reply_public: str = "",
    outside_duty: bool = False,
    why_unsolved: str = "",
) -> WorkOrder:
    """The department's answer: for the citizen, and one without personal data for the public where it may be published."""
    locked = begin(order, "reply", by=by, reply_citizen=reply_citizen, facts=facts, solved=solved)
    if facts not in Facts.values:
        raise Refusal(_("请选择是否属实。"), field="facts")
    if not solved and not why_unsolved.strip():
        raise Refusal(_("未解决的，请写明原因。"), field="why_unsolved")
    if locked.contacted_at is None and locked.citizen_id is not None:
        raise Forbidden(_("还没有联系过诉求人：先记录联系，再答复。"))
    now = clock.now()
    if open_request := Extension.objects.filter(order=locked, decided_at=None).first():
        _decide(open_request, False, gettext_noop("已答复，不再需要"))
    Assignment.objects.filter(order=locked, ended_at=None).update(ended_at=now)
    changes = {
        "reply_citizen": reply_citizen,
        "reply_public": reply_public,
        "facts": facts,
        "solved": solved,
        "outside_duty": outside_duty,
        "why_unsolved": "" if solved else why_unsolved,
    }
    return finish(locked, "reply", by=by, data=dict(changes), replied_at=now, **changes)
