# SPDX-License-Identifier: Apache-2.0
"""Real messages of citizens, through the portal's own form and the dispatcher's one key, to their close.

The messages are other people's and stay outside the repository: `../shared/data` beside the project's root.
"""

import csv
import gzip
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from rexian.directory.actions import load_city
from rexian.directory.actions.loading import SHIPPED
from rexian.directory.models import Staff
from rexian.directory.queries import by_of
from rexian.orders import actions, chain
from rexian.orders.models import WorkOrder
from rexian.security.identity import SYSTEM, By
from rexian.security.models import User
from rexian.security.posts import Post
from tests.factories import TELEPHONE

FILE = Path(__file__).parents[3] / "shared" / "data" / "messages_raw_labelled.csv.gz"
ROWS = 200
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(not FILE.exists(), reason="the real messages (../shared/data) are not here"),
]


def messages() -> Iterator[str]:
    """The first ROWS messages as their writers put them: subject and text."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        for row, _ in zip(csv.DictReader(file), range(ROWS), strict=False):
            yield f"{row['留言主题']}\n{row['留言详情'].strip()}"


class Hotline:
    """The people of the shipped city."""

    def __init__(self) -> None:
        load_city(folder=SHIPPED / "yucheng", by=SYSTEM)
        self.clerks = {staff.department_id: by_of(staff.user) for staff in Staff.objects.filter(user__post=Post.CLERK)}
        self.dispatcher = Client()
        self.dispatcher.force_login(
            User.objects.filter(post=Post.DISPATCHER).first(), "django.contrib.auth.backends.ModelBackend"
        )

    def one(self, post: Post) -> By:
        return by_of(User.objects.filter(post=post).order_by("pk").first())

    def finish(self, order: WorkOrder) -> WorkOrder:
        """From the department to the close."""
        clerk, visitor = self.clerks[order.lead_id], self.one(Post.VISITOR)
        actions.sign(order=order, by=clerk)
        actions.contact(order=order, by=clerk, result="已联系")
        actions.reply(order=order, by=clerk, reply_citizen="已核实处理。", facts="true", solved=True)
        actions.approve(order=order, by=self.one(Post.DISPATCHER))
        actions.visit(order=order, by=visitor, solved=True, grade=4)
        return actions.close(order=order, by=visitor)


def submit(text: str, number: int) -> None:
    """As each citizen's browser would, from an address of its own."""
    form = {"key": str(uuid.uuid4()), "text": text, "kind": "help", "telephone": TELEPHONE[:7] + f"{number:04d}"}
    address = f"198.51.{100 + number // 250}.{number % 250}"
    answer = Client().post("/", form, headers={"X-Forwarded-For": address})
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def test_real_messages_go_their_whole_way(db: None, settings: Any) -> None:
    settings.PROXIES = frozenset({"127.0.0.1"})
    hotline, texts = Hotline(), list(messages())
    for number, text in enumerate(texts):
        submit(text, number)
    orders = list(WorkOrder.objects.order_by("serial"))
    assert [order.text for order in orders] == [text.replace("\r\n", "\n").strip() for text in texts]
    assert all(order.proposal["category"]["label"] and order.proposal["department"]["label"] for order in orders)
    ends = Counter()
    for order in orders:
        hotline.dispatcher.post(f"/work/orders/{order.number}/adopt/")
        order.refresh_from_db()
        ends[hotline.finish(order).state] += 1
    assert ends == {"closed": ROWS}
    found = chain.verify()
    assert (found.orders, found.findings) == (ROWS, [])
