# SPDX-License-Identifier: Apache-2.0
"""The pages through Django's client: the whole way, and each refusal where it belongs."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from rexian.directory import clock
from rexian.intake.models import Draft
from rexian.orders.models import Attachment, WorkOrder
from rexian.security.models import AccessRecord
from tests.factories import PASSWORD, TELEPHONE, TEXT, Town, dispatched, received

pytestmark = pytest.mark.django_db


def signed_in(name: str) -> Client:
    client = Client()
    answer = client.post("/account/in/", {"username": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def act(client: Client, order: WorkOrder, edge: str, **data: str) -> WorkOrder:
    answer = client.post(
        f"/work/orders/{order.number}/{edge}/", {f"{edge}-{name}": value for name, value in data.items()}
    )
    assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[:3000]
    order.refresh_from_db()
    return order


def form(**values: str) -> dict[str, str]:
    return {"key": str(uuid.uuid4()), "text": TEXT, "kind": "help", "area": "春和街道", "telephone": TELEPHONE} | values


def test_a_request_goes_its_whole_way(town: Town) -> None:
    citizen = Client()
    assert citizen.get("/").status_code == 200
    answer = citizen.post("/", form(address="春和小区3号楼"), follow=True)
    number, code = (re.search(f'id="{name}">([^<]+)<', answer.content.decode())[1] for name in ("number", "code"))
    order = WorkOrder.objects.get(number=number)
    dispatcher = signed_in("dispatcher")
    page = dispatcher.get("/work/dispatch/").content.decode()
    assert "市自来水公司" in page
    assert "停水" in page
    order = act(
        dispatcher, order, "accept", kind="help", urgency="urgent", category="城乡建设 › 供水 › 停水", area="春和街道"
    )
    order = act(
        dispatcher, order, "dispatch", category="城乡建设 › 供水 › 停水", lead="市自来水公司", assisting="市住建局"
    )
    clerk, head, visitor = signed_in("clerk"), signed_in("head"), signed_in("visitor")
    assert order.title in clerk.get("/work/inbox/").content.decode()
    order = act(clerk, order, "sign")
    order = act(clerk, order, "contact", result="已联系", number=TELEPHONE, reached="on")
    order = act(clerk, order, "ask_extension", days="2", reason="主管爆裂")
    order = act(signed_in("supervisor"), order, "grant_extension", reason="同意")
    order = act(head, order, "reply", reply_citizen="已修好", facts="true", solved="True")
    order = act(dispatcher, order, "approve")
    order = act(visitor, order, "visit", solved="False", grade="1", remark="还是没水")
    order = act(visitor, order, "redo", reason="没有解决")
    order = act(clerk, order, "sign")
    order = act(clerk, order, "contact", result="上门", reached="on")
    order = act(clerk, order, "reply", reply_citizen="已换新管，恢复供水", facts="true", solved="True")
    order = act(dispatcher, order, "approve")
    order = act(visitor, order, "visit", solved="True", grade="5")
    order = act(visitor, order, "close")
    assert (order.state, order.grade) == ("closed", 5)
    told = citizen.post("/find/", {"number": number, "code": code.lower()}, follow=True).content.decode()
    assert "已换新管" in told
    for word in ("提交", "受理", "派单", "签收", "同意延期", "重办", "回访", "办结"):
        assert f"<strong>{word}</strong>" in told
    assert citizen.post("/track/rate/", {"rate-grade": "4"}).status_code == 302


def test_bad_input_is_said_at_its_field_and_keeps_what_was_typed(town: Town) -> None:
    answer = Client().post("/", form(telephone="1380013800"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "手机号少" in page
    assert TEXT in page
    assert 'value="1380013800"' in page
    empty = Client().post("/", form(text="   "))
    assert "请写下您遇到的事" in empty.content.decode()
    assert WorkOrder.objects.count() == 0


def test_twice_is_once(town: Town) -> None:
    citizen, data = Client(), form()
    first = citizen.post("/", data, follow=True).content.decode()
    second = citizen.post("/", data, follow=True).content.decode()
    assert re.search('id="number">([^<]+)<', first)[1] == re.search('id="number">([^<]+)<', second)[1]
    assert WorkOrder.objects.count() == 1


def test_a_photo_loses_its_place_and_device(town: Town, tmp_path: object) -> None:
    import io

    from rexian.orders.attachments import path

    picture, exif = Image.new("RGB", (32, 20), "red"), Image.Exif()
    exif[0x010F], exif[0x8825] = "Maker", {1: "N", 2: (27.0, 30.0, 0.0)}
    raw = io.BytesIO()
    picture.save(raw, "JPEG", exif=exif)
    photo = SimpleUploadedFile("现场.txt", raw.getvalue())
    Client().post("/", form() | {"photos": photo})
    one = Attachment.objects.get()
    assert one.media_type == "image/jpeg"
    with Image.open(path(one.cleaned)) as cleaned:
        assert dict(cleaned.getexif()) == {}
    assert Client().get(f"/work/orders/{one.order.number}/files/{one.pk}/").status_code == 302
    assert signed_in("stranger").get(f"/work/orders/{one.order.number}/files/{one.pk}/").status_code == 404
    served = signed_in("agent").get(f"/work/orders/{one.order.number}/files/{one.pk}/")
    assert b"Maker" not in b"".join(served.streaming_content)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "空"), (b"MZ\x90\x00program", "不是照片"), (b"x" * (10 * 1024 * 1024 + 1), "超过 10 MB")],
)
def test_files_that_are_not_taken(town: Town, content: bytes, says: str) -> None:
    answer = Client().post("/", form() | {"photos": SimpleUploadedFile("a.jpg", content)})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert WorkOrder.objects.count() == 0


def test_agent_takes_down_an_order_and_dispatches_it(town: Town) -> None:
    agent, key = signed_in("agent"), str(uuid.uuid4())
    agent.post("/desk/draft/", {"key": key, "text": "写到一半"})
    assert Draft.objects.get().user.username == "agent"
    assert "写到一半" in agent.get("/desk/drafts/").content.decode()
    helped = agent.post("/desk/assist/", {"text": TEXT, "area": "春和街道"}).content.decode()
    assert "停水" in helped
    assert "市自来水公司" in helped
    assert "24 小时" in helped
    data = {
        "key": key,
        "telephone": TELEPHONE,
        "text": TEXT,
        "category": "城乡建设 › 供水 › 停水",
        "lead": "市自来水公司",
        "area": "春和街道",
    }
    assert agent.post("/desk/", data).status_code == 302
    order = WorkOrder.objects.get()
    assert (order.state, order.lead, order.channel) == ("dispatched", town.water, "telephone")
    assert Draft.objects.count() == 0
    assert order.title in agent.post("/desk/citizen/", {"telephone": TELEPHONE}).content.decode()


def test_agent_answers_at_once(town: Town) -> None:
    agent = signed_in("agent")
    agent.post(
        "/desk/",
        {
            "key": str(uuid.uuid4()),
            "telephone": TELEPHONE,
            "text": "咨询阶梯水价",
            "reply_citizen": "每户每年 180 吨以内为一级。",
        },
    )
    assert WorkOrder.objects.get().state == "closed"


def test_batch_dispatch_accepts_the_proposals(town: Town) -> None:
    numbers = [received(town).order.number for _ in range(3)]
    signed_in("dispatcher").post("/work/dispatch-proposed/", {"number": numbers})
    assert set(WorkOrder.objects.values_list("state", "lead__code")) == {("dispatched", "WATER")}


def test_personal_data_is_masked_and_every_look_is_recorded(town: Town) -> None:
    order = dispatched(town)
    clerk = signed_in("clerk")
    page = clerk.get(f"/work/orders/{order.number}/").content.decode()
    assert "138****8000" in page
    assert TELEPHONE not in page
    assert "王小明" not in page
    assert clerk.post(f"/work/orders/{order.number}/reveal/", {"reason": ""}).status_code == 302
    assert AccessRecord.objects.count() == 0
    assert (
        TELEPHONE in clerk.post(f"/work/orders/{order.number}/reveal/", {"reason": "联系诉求人核实"}).content.decode()
    )
    record = AccessRecord.objects.get()
    assert (record.user.username, record.subject, record.reason) == ("clerk", order.number, "联系诉求人核实")


def test_confidential_orders_hide_the_citizen(town: Town) -> None:
    order = dispatched(town, confidential=True)
    clerk = signed_in("clerk")
    assert "138****" not in clerk.get(f"/work/orders/{order.number}/").content.decode()
    assert clerk.post(f"/work/orders/{order.number}/reveal/", {"reason": "想看看"}).status_code == 403


def test_codes_cannot_be_tried_out(town: Town) -> None:
    order = received(town).order
    client = Client()
    answers = [client.post("/find/", {"number": order.number, "code": f"AAAA{n:04d}"}) for n in range(25)]
    assert "查询太频繁" in answers[-1].content.decode()


def test_floods_are_asked_to_wait_and_lose_nothing(town: Town) -> None:
    client = Client()
    answers = [client.post("/", form()) for _ in range(12)]
    assert "提交得太密" in answers[-1].content.decode()
    assert TEXT in answers[-1].content.decode()
    assert WorkOrder.objects.count() == 10


def test_sign_in_is_throttled_and_signing_out_everywhere_ends_other_sessions(town: Town) -> None:
    first, second = signed_in("agent"), signed_in("agent")
    assert second.get("/desk/").status_code == 200
    first.post("/account/out-everywhere/")
    assert second.get("/desk/").status_code == 302
    wrong = Client()
    answers = [wrong.post("/account/in/", {"username": "leader", "password": "wrong"}) for _ in range(6)]
    assert answers[-1].status_code == 429
    assert "15 分钟" in answers[-1].content.decode()


def test_late_orders_stand_on_the_board(town: Town) -> None:
    order = dispatched(town)
    with clock.at(order.due_at + timedelta(hours=3)):
        supervisor = signed_in("supervisor")
        assert "市自来水公司" in supervisor.get("/work/board/").content.decode()
        assert "逾期 3 小时" in supervisor.get("/work/late/").content.decode()
