# SPDX-License-Identifier: Apache-2.0
"""The second factor: set up, asked for, taken once, throttled, given up, demanded of some posts."""

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import Client
from django.utils import timezone

from rexian.security import second
from rexian.security.errors import Forbidden, Refusal
from rexian.security.models import AccessRecord, SecondFactor
from rexian.web.templatetags.rexian import device
from tests.factories import PASSWORD, Town
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def code(factor: SecondFactor, later: int = 0) -> str:
    """What the app shows now, or so many steps later."""
    totp = TOTP(base64.b32decode(factor.secret), 6, SHA1(), 30, enforce_key_length=False)
    return totp.generate(int(timezone.now().timestamp()) + 30 * later).decode()


def set_up(name: str) -> tuple[Client, list[str]]:
    client = signed_in(name)
    page = client.get("/account/second/set-up/").content.decode()
    assert "data:image/svg+xml" in page
    factor = SecondFactor.objects.get(user__username=name)
    done = client.post("/account/second/set-up/", {"code": code(factor)}).content.decode()
    return client, re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", done)


def knock(name: str) -> Client:
    """The right password, up to the second step."""
    client = Client()
    answer = client.post("/account/in/", {"username": name, "password": PASSWORD})
    assert answer["Location"] == "/account/second/"
    assert client.get("/account/").status_code == 302, "the password alone opens nothing"
    return client


def test_a_code_is_asked_for_and_taken_once(town: Town) -> None:
    set_up("steward")
    factor = SecondFactor.objects.get()
    assert "验证码不对" in knock("steward").post("/account/second/", {"code": "000000"}).content.decode()
    fresh = code(factor, 1)
    first, again = knock("steward"), knock("steward")
    assert first.post("/account/second/", {"code": fresh}).status_code == 302
    assert first.get("/account/").status_code == 200
    assert "验证码不对" in again.post("/account/second/", {"code": fresh}).content.decode()


def test_a_recovery_code_opens_once(town: Town) -> None:
    _client, codes = set_up("steward")
    assert len(set(codes)) == 8
    assert knock("steward").post("/account/second/", {"code": codes[0].upper()}).status_code == 302
    assert knock("steward").post("/account/second/", {"code": codes[0]}).status_code == 200
    assert codes[1] not in str(SecondFactor.objects.values_list("recovery", flat=True).get())


def test_five_wrong_codes_lock_for_a_while(town: Town) -> None:
    set_up("steward")
    factor = SecondFactor.objects.get()
    client = knock("steward")
    for _ in range(5):
        client.post("/account/second/", {"code": "000000"})
    assert "15 分钟后再试" in client.post("/account/second/", {"code": code(factor, 1)}).content.decode()
    SecondFactor.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert client.post("/account/second/", {"code": code(factor, 1)}).status_code == 302


def test_the_step_between_does_not_wait_for_ever(town: Town, monkeypatch: Any) -> None:
    set_up("steward")
    monkeypatch.setattr("rexian.web.account.views.PATIENCE", -1)
    assert knock("steward").get("/account/second/")["Location"] == "/account/in/"


def test_the_operator_can_demand_it_of_a_post(town: Town, settings: Any) -> None:
    settings.SECOND_FACTOR_POSTS = frozenset({"dispatcher"})
    client = Client()
    answer = client.post("/account/in/", {"username": "dispatcher", "password": PASSWORD})
    assert answer["Location"] == "/account/second/set-up/"
    assert client.get("/work/dispatch/")["Location"] == "/account/second/set-up/"
    client.get("/account/second/set-up/")
    client.post("/account/second/set-up/", {"code": code(SecondFactor.objects.get())})
    assert client.get("/work/dispatch/").status_code == 200
    assert signed_in("agent").get("/desk/").status_code == 200


def test_it_is_given_up_with_the_password_or_by_an_administrator_on_record(town: Town) -> None:
    client, _codes = set_up("steward")
    assert "密码不对" in client.post("/account/second/end/", {"password": "wrong"}, follow=True).content.decode()
    with pytest.raises(Forbidden):
        second.give_up(user=town.users["steward"], by=town.by("dispatcher"))
    second.give_up(user=town.users["steward"], by=town.by("administrator"))
    assert not SecondFactor.objects.exists()
    acts = AccessRecord.objects.filter(act="second_factor").order_by("pk").values_list("user__username", "reason")
    assert list(acts) == [("steward", "启用两步验证"), ("administrator", "关闭两步验证")]
    with pytest.raises(Refusal):
        second.confirm(user=town.users["steward"], by=town.by("steward"), code="123456")


def test_the_secret_is_encrypted_at_rest(town: Town) -> None:
    set_up("steward")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM security_secondfactor t")
        assert SecondFactor.objects.get().secret not in cursor.fetchone()[0]


def test_the_account_page_lists_sign_ins(town: Town) -> None:
    Client().post("/account/in/", {"username": "agent", "password": "wrong"})
    page = signed_in("agent").get("/account/").content.decode()
    assert "127.0.0.1" in page
    assert "输错密码" in page or "登录记录" in page


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome · Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 MicroMessenger/8.0", "微信 · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
        ("curl/8.5.0 " + "x" * 100, "curl/8.5.0 " + "x" * 69),
        ("", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, told: str) -> None:
    assert device(agent) == told
