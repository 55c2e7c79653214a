# SPDX-License-Identifier: Apache-2.0
"""Surveys, whom they go to, their links and letters."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.forms import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from rexian.assessment import index, questionnaire, weights
from rexian.assessment.access import RUNNERS, link, link_index, runs
from rexian.assessment.models import Answer, Invitation, Letter, Survey
from rexian.directory import clock
from rexian.security.actions import person, record_access
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By

REMINDERS = ((timedelta(days=2), Letter.Sort.DAYS), (timedelta(days=7), Letter.Sort.WEEK))
"""How long before the end which reminder is due; the nearest that has begun goes out, one that it overtakes never does."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A city to invite: its name, the code of its province ("" unknown), the contact's mail address ("" none)."""

    city: str
    province: str = ""
    contact: str = ""


def demand_runner(by: By) -> None:
    """Raises Forbidden for posts that do not run surveys."""
    if by.role not in RUNNERS:
        raise Forbidden(_("问卷调查由数据管理员、分析员和管理员管理。"))


def demand_owner(survey: Survey, by: By) -> None:
    """Raises Forbidden for all but the survey's owner and administrators."""
    if not runs(survey, by):
        raise Forbidden(_("只有这次调查的负责人或管理员可以这样做。"))


@transaction.atomic
def create_survey(*, by: By, title: str, opens: datetime, closes: datetime, address: str) -> Survey:
    """A new survey with the present versions of index and questionnaire; `by` owns it, its links begin with `address`."""
    demand_runner(by)
    if not title.strip():
        raise Refusal(_("请写调查的名称。"), field="title")
    if closes <= opens:
        raise Refusal(_("截止应晚于开始。"), field="closes")
    return Survey.objects.create(
        title=" ".join(title.split())[:80],  # one line: it is the subject of letters
        index_version=index.load().version,
        questionnaire_version=questionnaire.load().version,
        opens=opens,
        closes=closes,
        owner_id=person(by),
        made_at=clock.now(),
        address=address,
    )


@transaction.atomic
def postpone(*, by: By, survey: Survey, closes: datetime) -> Survey:
    """Another end; links hold until then."""
    demand_owner(survey, by)
    if closes <= survey.opens:
        raise Refusal(_("截止应晚于开始。"), field="closes")
    survey.closes = closes
    survey.save(update_fields=["closes"])
    return survey


@transaction.atomic
def keep_judges(*, by: By, survey: Survey, text: str) -> Survey:
    """Keeps the judges' comparisons (TOML) of a survey; "" takes them away. Refused where they do not parse or contradict themselves."""
    demand_owner(survey, by)
    try:
        if text.strip():
            weights.hierarchy(index.load(), weights.parse_hierarchy(text))
    except weights.InconsistentError as error:
        raise Refusal(_("权重文件不能用：%s") % error, field="judges") from error
    survey.judges = text.strip()
    survey.save(update_fields=["judges"])
    return survey


@transaction.atomic
def invite(*, by: By, survey: Survey, guests: Sequence[Guest], own: bool = False) -> list[Invitation]:
    """Invites cities, all or none; each gets its two links. A city that is there already is refused with its name."""
    demand_owner(survey, by)
    names = [guest.city for guest in guests]
    twice = sorted({one for one in names if names.count(one) > 1})
    there = list(survey.invitations.filter(city__in=names).values_list("city", flat=True))
    if not names or twice or there:
        told = "、".join([*twice, *there])
        raise Refusal(_("这些城市已在名单上：%s。") % told if told else _("请至少写一个城市。"), field="guests")
    return [_invite(by, survey, guest, own) for guest in guests]


def _invite(by: By, survey: Survey, guest: Guest, own: bool) -> Invitation:
    _demand_mail(guest.contact)
    fill, sign = _token(), _token()
    one = Invitation.objects.create(
        survey=survey,
        city=guest.city.strip()[:64],
        own=own,
        contact=guest.contact,
        fill_token=fill,
        fill_link=link_index(fill),
        sign_token=sign,
        sign_link=link_index(sign),
    )
    if guest.province:
        Answer.objects.create(
            invitation=one,
            question="province",
            number=1,
            value=guest.province,
            name=by.name[:40],
            user_id=by.user_id,
            at=clock.now(),
        )
    return one


def _token() -> str:
    """192 random bits."""
    return secrets.token_urlsafe(24)


def _demand_mail(address: str) -> None:
    try:
        if address:
            validate_email(address)
    except ValidationError as error:
        raise Refusal(_("“%s”不是邮箱地址。") % address, field="guests") from error


@transaction.atomic
def renew(*, by: By, invitation: Invitation) -> Invitation:
    """New links, from which moment on the old ones open nothing; a revoked invitation is in force again."""
    demand_owner(invitation.survey, by)
    fill, sign = _token(), _token()
    invitation.fill_token, invitation.fill_link = fill, link_index(fill)
    invitation.sign_token, invitation.sign_link = sign, link_index(sign)
    invitation.revoked_at = None
    invitation.save(update_fields=["fill_token", "fill_link", "sign_token", "sign_link", "revoked_at"])
    invitation.letters.all().delete()  # so that the new ones are sent too
    record_access(by=by, act="renew_links", subject=_subject(invitation), fields="", reason=gettext_noop("换新链接"))
    return invitation


@transaction.atomic
def revoke(*, by: By, invitation: Invitation) -> Invitation:
    """From now on its links open nothing."""
    demand_owner(invitation.survey, by)
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    record_access(by=by, act="revoke_links", subject=_subject(invitation), fields="", reason=gettext_noop("停用链接"))
    return invitation


def _subject(invitation: Invitation) -> str:
    return f"{invitation.survey_id} {invitation.city}"[:64]


@transaction.atomic
def record_links(*, by: By, survey: Survey, reason: str, address: str | None = None) -> list[Invitation]:
    """Who takes the list of all links with him, and why; the invitations in force, in the order of their cities."""
    demand_owner(survey, by)
    record_access(by=by, act="export_links", subject=str(survey.pk), fields="links", reason=reason, address=address)
    return list(survey.invitations.filter(revoked_at=None).order_by("city"))


@transaction.atomic
def send(*, by: By, survey: Survey) -> int:
    """Asks the queue to mail their links to all contacts that have not got them; returns how many."""
    demand_owner(survey, by)
    if not settings.EMAIL_HOST:
        raise Refusal(_("没有配置邮件服务器（REXIAN_SMTP_HOST）：请导出链接清单，自行发送。"))
    waiting = survey.invitations.filter(revoked_at=None).exclude(state=Invitation.State.SIGNED)
    return _ask([one for one in waiting if one.contact], Letter.Sort.INVITE, clock.now())


def remind_due(now: datetime) -> int:
    """Asks the queue for the reminders that are due; each goes out once, whenever and however often this runs. Returns how many are new."""
    if not settings.EMAIL_HOST:
        return 0
    asked = 0
    for survey in Survey.objects.filter(opens__lte=now, closes__gt=now, closes__lte=now + REMINDERS[-1][0]):
        sort = next(sort for before, sort in REMINDERS if survey.closes - now <= before)
        asked += _remind(survey, sort, now)
    return asked


@transaction.atomic
def _remind(survey: Survey, sort: Letter.Sort, now: datetime) -> int:
    """To those only that were invited by mail: who got a link by hand is reminded by hand."""
    asked = survey.invitations.filter(revoked_at=None, letters__sort=Letter.Sort.INVITE, letters__sent_at__isnull=False)
    return _ask(asked.exclude(state=Invitation.State.SIGNED), sort, now)


def _ask(invited: Iterable[Invitation], sort: Letter.Sort, now: datetime) -> int:
    new = 0
    for one in invited:
        letter, made = Letter.objects.get_or_create(invitation=one, sort=sort, defaults={"asked_at": now})
        new += made
        if made:
            task = app.configure_task("rexian.assessment.tasks.deliver", lock=f"assessment.letter.{letter.pk}")
            task.defer(pk=letter.pk)
    return new


def deliver(*, pk: int) -> bool:
    """Sends one letter, at most once; whether it did. A mail server that refuses frees it for the next try of the queue."""
    claimed = Letter.objects.filter(pk=pk, tried_at=None).update(tried_at=timezone.now())
    if not claimed:
        return False
    letter = Letter.objects.select_related("invitation__survey").get(pk=pk)
    if not _wanted(letter):
        Letter.objects.filter(pk=pk).delete()
        return False
    try:
        _mail(letter).send()
    except OSError:  # smtplib's errors among them: nothing went out
        Letter.objects.filter(pk=pk).update(tried_at=None)
        raise
    Letter.objects.filter(pk=pk).update(sent_at=timezone.now())
    return True


def _wanted(letter: Letter) -> bool:
    """Whether there is still something to fill in, and someone to tell."""
    one = letter.invitation
    return bool(one.contact) and one.revoked_at is None and one.state != Invitation.State.SIGNED


def _mail(letter: Letter) -> EmailMessage:
    one, survey = letter.invitation, letter.invitation.survey
    told = {"city": one.city, "title": survey.title, "until": f"{timezone.localtime(survey.closes):%Y-%m-%d %H:%M}"}
    fill, sign = (link(survey, token) for token in (one.fill_token, one.sign_token))
    text = _(
        "%(city)s：\n\n请于 %(until)s 前填写“%(title)s”。\n\n填写用的链接，可转给几位同事一起填：\n%(fill)s\n\n"
        "负责人核对、签发用的链接，请只交给负责人：\n%(sign)s\n\n边填边存，链接在截止前一直有效。"
    ) % (told | {"fill": fill, "sign": sign})
    subject = (
        _("请填写：%(title)s（%(until)s 截止）")
        if letter.sort == Letter.Sort.INVITE
        else _("提醒：%(title)s（%(until)s 截止）")
    )
    return EmailMessage(subject % told, text, to=[one.contact])
