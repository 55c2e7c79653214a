# SPDX-License-Identifier: Apache-2.0
"""The only writes of intake: a request received once, drafts, API clients."""

import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rexian.directory import clock
from rexian.directory.actions import identify_citizen
from rexian.directory.models import Area, Category, Citizen, Kind
from rexian.directory.telephone import normalise_telephone
from rexian.intake import automatic, proposals
from rexian.intake.channels import register
from rexian.intake.models import ApiClient, Draft, Receipt, Tally
from rexian.jobs.actions import ask_once
from rexian.orders import actions as orders
from rexian.orders.models import Urgency, WorkOrder
from rexian.security import encryption
from rexian.security.actions import record_access
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By
from rexian.security.models import User
from rexian.security.posts import Post

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
QUERY_CODE = 8
TYPED = ("text", "name", "telephone", "wechat", "address", "happened", "cause")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\ufeff]")
TRAIN = "rexian.intake.tasks.train"
"""The task that learns anew."""
DRAFT_KEPT = timedelta(days=30)


@dataclass(slots=True)
class Submission:
    """What a channel hands over: the form as the citizen or the agent filled it in, texts as typed.

    `key` is the idempotency key that the page or the client made; `source` whose key it is. `files` are (name, content).
    """

    source: str
    key: str
    channel: str
    text: str
    kind: str = ""
    urgency: str = ""
    name: str = ""
    telephone: str = ""
    wechat: str = ""
    address: str = ""
    happened: str = ""
    cause: str = ""
    area: Area | None = None
    longitude: float | None = None
    latitude: float | None = None
    category: Category | None = None
    confidential: bool = False
    files: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Lines end as on every channel but forms (LF), and control characters, which say nothing, are left out."""
        for name in TYPED:
            plain = CONTROL.sub("", getattr(self, name).replace("\r\n", "\n").replace("\r", "\n"))
            setattr(self, name, plain.strip())

    def digest(self) -> bytes:
        """By which one key with another request is found out."""
        told: dict[str, Any] = {name: getattr(self, name) for name in self.__slots__}
        told |= {"area": self.area and self.area.code, "category": self.category and self.category.code}
        told["files"] = [encryption.digest(content).hex() for _, content in self.files]
        return encryption.blind_index(json.dumps(told, sort_keys=True), "intake.receipt")


@dataclass(frozen=True, slots=True)
class Received:
    """The acknowledgement: the order, the code by which its citizen asks after it, and whether it was there already."""

    order: WorkOrder
    query_code: str
    repeated: bool = False


def receive(*, submission: Submission, by: By, accept: bool = False) -> Received:
    """Makes one order of a submission, however often it is sent; on return it is on disk.

    Raises Refusal for bad input (at its field) and for a key that was used for another request.
    """
    key = encryption.blind_index(submission.key, "intake.key")
    try:
        return _receive(submission, by, accept, key)
    except IntegrityError:
        receipt = Receipt.objects.select_related("order").filter(source=submission.source, key=key).first()
        if receipt is None or receipt.order is None:
            raise
    if not encryption.same(bytes(receipt.body), submission.digest()):
        raise Refusal(_("同一个幂等键已用于另一份诉求。"), field="key")
    return Received(receipt.order, receipt.query_code, repeated=True)


@transaction.atomic
def _receive(submission: Submission, by: By, accept: bool, key: bytes) -> Received:
    request = _request(submission, by)
    code = "".join(secrets.choice(ALPHABET) for _ in range(QUERY_CODE))
    request.query_code = query_code_index(code)

    def receipt(order: WorkOrder) -> list[Model]:
        told = {"source": submission.source, "key": key, "body": submission.digest(), "query_code": code}
        return [Receipt(order=order, at=clock.now(), **told)]

    order = orders.enter(request=request, by=by, accept=accept, beside=receipt)
    for name, content in submission.files:
        orders.attach(order=order, by=by, name=name, content=content)
    order = automatic.dispatch_if_sure(order)
    return Received(order, code)


def query_code_index(code: str) -> bytes:
    """The blind index of a query code as people type it."""
    return encryption.blind_index(code.strip().upper(), "orders.query_code")


def _request(submission: Submission, by: By) -> orders.Request:
    """The submission, checked and completed with the citizen and the proposal."""
    if submission.channel not in register():
        raise Refusal(_("没有这个渠道：%(channel)s。") % {"channel": submission.channel}, field="channel")
    if submission.kind and submission.kind not in Kind.values:
        raise Refusal(_("请选择性质。"), field="kind")
    if submission.urgency and submission.urgency not in Urgency.values:
        raise Refusal(_("请选择紧急程度。"), field="urgency")
    telephone = normalise_telephone(submission.telephone) if submission.telephone.strip() else ""
    found = proposals.propose(submission.text, submission.area, submission.category)
    citizen = None
    if telephone or submission.wechat:
        citizen = identify_citizen(
            by=by, telephone=telephone, wechat=submission.wechat, name=submission.name, address=submission.address
        )
    return completed(submission, found, citizen, telephone)


def completed(
    submission: Submission, found: proposals.Proposal, citizen: Citizen | None, telephone: str
) -> orders.Request:
    """The request of a checked submission: what was said, whose it is, and what the machines propose where nothing was said."""
    return orders.Request(
        text=submission.text,
        channel=submission.channel,
        kind=submission.kind or found.kind,
        urgency=Urgency.DANGER if found.danger else submission.urgency or found.urgency,
        who=submission.name,
        telephone=telephone,
        address=submission.address,
        happened=submission.happened,
        cause=submission.cause,
        area=submission.area,
        longitude=submission.longitude,
        latitude=submission.latitude,
        category=submission.category,
        citizen=citizen,
        confidential=submission.confidential,
        danger=found.danger,
        proposal=found.record,
        fingerprint=found.fingerprint,
        tokens=found.tokens,
    )


@transaction.atomic
def save_draft(*, key: UUID, content: dict[str, str], user: User | None = None, visitor: bytes | None = None) -> Draft:
    """Keeps what was typed under the key that the page made; another person's key is refused."""
    draft, made = Draft.objects.select_for_update().get_or_create(
        key=key, defaults={"user": user, "visitor": visitor, "content": json.dumps(content), "saved_at": clock.now()}
    )
    if draft.user_id != (user.pk if user else None) or (visitor is not None and bytes(draft.visitor or b"") != visitor):
        raise Refusal(_("这份草稿属于别人。"))
    if not made:
        draft.content, draft.saved_at = json.dumps(content), clock.now()
        draft.save(update_fields=["content", "saved_at"])
    return draft


@transaction.atomic
def discard_draft(*, key: UUID, user: User | None = None, visitor: bytes | None = None) -> None:
    """Throws away one's own draft."""
    Draft.objects.filter(key=key, user=user, visitor=visitor).delete()


@transaction.atomic
def discard_old() -> int:
    """Throws away drafts and receipts that nobody came back to; returns how many."""
    limit = clock.now() - DRAFT_KEPT
    gone, _each = Draft.objects.filter(saved_at__lt=limit).delete()
    Tally.objects.filter(window_start__lt=int(limit.timestamp()) // 60).delete()
    spent, _each = Receipt.objects.filter(at__lt=limit).delete()
    return gone + spent


@transaction.atomic
def ask_training(*, by: By) -> None:
    """Asks the worker to learn anew from the city's orders. Raises Refusal where that is asked for already."""
    if by.role not in (Post.ADMINISTRATOR, Post.STEWARD):
        raise Forbidden(_("重新学习由管理员和数据管理员发起。"))
    if not ask_once(task=TRAIN, lock="intake.train"):
        raise Refusal(_("已在排队，等它做完。"))
    record_access(by=by, act="train", subject="learning", fields="", reason=gettext_noop("重新学习"))


@transaction.atomic
def register_client(*, name: str, channel: str) -> tuple[ApiClient, str]:
    """A new API client and its token, which is shown once and kept only as a blind index."""
    if channel not in register():
        raise Refusal(_("没有这个渠道：%(channel)s。") % {"channel": channel}, field="channel")
    if ApiClient.objects.filter(name=name).exists():
        raise Refusal(_("已有名叫“%(name)s”的接口客户。") % {"name": name}, field="name")
    token = secrets.token_urlsafe(32)
    client = ApiClient.objects.create(name=name, channel=channel, token=token_index(token), since=clock.now())
    return client, token


@transaction.atomic
def end_client(*, name: str) -> None:
    """Ends a client: from now on (within the seconds for which processes remember it) its token opens nothing."""
    if not ApiClient.objects.filter(name=name, active=True).update(active=False):
        raise Refusal(_("没有名叫“%(name)s”、还在用的接口客户。") % {"name": name}, field="name")


def token_index(token: str) -> bytes:
    return encryption.blind_index(token, "intake.token")
