# SPDX-License-Identifier: Apache-2.0
"""Requests: submit, track, add to."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Header, Router, Schema, Status
from ninja.errors import HttpError
from pydantic import Field

from rexian.directory.coordinates import Datum, to_wgs84
from rexian.directory.models import Area, Category
from rexian.directory.queries import kept
from rexian.intake import actions as intake
from rexian.intake.models import ApiClient
from rexian.orders import actions, queries
from rexian.orders.access import of_code
from rexian.orders.models import ArchivedOrder, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.identity import CITIZEN

router = Router(tags=["requests"])
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=128)]
Code = Annotated[str, Header(alias="Query-Code", max_length=16)]


class RequestIn(Schema):
    """A request as a citizen makes it."""

    text: str = Field(min_length=1, max_length=10_000)
    kind: Literal["consult", "help", "complaint", "report", "suggestion", "praise"] | None = None
    name: str = Field("", max_length=64)
    telephone: str = Field("", max_length=30)
    wechat: str = Field("", max_length=64)
    area: str = Field("", description="GB/T 2260 code, six or nine digits")
    category: str = Field("", description="code of a category")
    address: str = Field("", max_length=200)
    happened: str = Field("", max_length=100)
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    datum: Datum = Field(Datum.WGS84, description="what longitude and latitude are in")
    confidential: bool = False

    def point(self) -> dict[str, float | None]:
        """The point in WGS 84; half a point is none."""
        if self.longitude is None or self.latitude is None:
            return {"longitude": None, "latitude": None}
        longitude, latitude = to_wgs84((self.longitude, self.latitude), self.datum)
        return {"longitude": round(longitude, 6), "latitude": round(latitude, 6)}


class Receipt(Schema):
    """The acknowledgement: the request is on disk."""

    number: str
    query_code: str
    repeated: bool


class EventOut(Schema):
    act: str
    at: datetime
    state: str


class RequestOut(Schema):
    number: str
    state: str
    kind: str
    title: str
    received_at: datetime
    due_at: datetime | None
    department: str | None
    reply: str
    events: list[EventOut]


class AdditionIn(Schema):
    text: str = Field(min_length=1, max_length=2_000)


def _found(rows: Any, code: str, field: str) -> Any:
    if not code:
        return None
    row = kept(f"{field} {code}", lambda: rows.filter(code=code, active=True).first()) if code.isprintable() else None
    if row is None:
        raise Refusal(_("没有这个代码：%(code)s。") % {"code": code}, field=field)
    return row


@router.post("", response={201: Receipt, 200: Receipt}, summary="提交诉求")
def submit(request: HttpRequest, body: RequestIn, key: Key) -> Status[Receipt]:
    """Submits a request; the same key again gives the same receipt (200) and no second order."""
    client: ApiClient = request.auth  # type: ignore[attr-defined]
    told = body.model_dump(exclude={"area", "category", "kind", "datum"}) | body.point()
    received = intake.receive(
        submission=intake.Submission(
            source=f"api:{client.pk}",
            key=key,
            channel=client.channel,
            kind=body.kind or "",
            area=_found(Area.objects, body.area, "area"),
            category=_found(Category.objects, body.category, "category"),
            **told,
        ),
        by=CITIZEN,
    )
    receipt = Receipt(number=received.order.number, query_code=received.query_code, repeated=received.repeated)
    return Status(200 if received.repeated else 201, receipt)


def _held(number: str, code: str) -> WorkOrder:
    found = of_code(number, intake.query_code_index(code))
    if found is None:
        raise HttpError(404, _("没有找到：请核对工单号和查询码。"))
    if isinstance(found, ArchivedOrder):
        raise HttpError(410, _("工单已移入档案：想看当时的答复，请拨打 12345，报上工单号。"))
    return found


def _told(order: WorkOrder) -> RequestOut:
    events = queries.events_of(order).values_list("edge", "at", "target")
    answered = order.state not in ("reviewing", "handling", "dispatched")
    return RequestOut(
        number=order.number,
        state=order.state,
        kind=order.kind,
        title=order.title,
        received_at=order.received_at,
        due_at=order.due_at,
        department=order.lead.name if order.lead else None,
        reply=order.reply_citizen if answered else "",
        events=[EventOut(act=edge, at=at, state=target) for edge, at, target in reversed(events)],
    )


@router.get("/{number}", response=RequestOut, summary="查进度")
def track(request: HttpRequest, number: str, code: Code) -> RequestOut:
    """An order with its way, for whoever has its query code."""
    return _told(_held(number, code))


@router.post("/{number}/additions", response={201: RequestOut}, summary="补充情况")
def add(request: HttpRequest, number: str, body: AdditionIn, code: Code) -> Status[RequestOut]:
    """Adds to an order; answers the question when the hotline has asked one."""
    order = _held(number, code)
    act = actions.supplement if order.state == "supplementing" else actions.add
    return Status(201, _told(act(order=order, by=CITIZEN, text=body.text)))
