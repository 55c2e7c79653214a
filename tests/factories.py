# SPDX-License-Identifier: Apache-2.0
"""A small city and the people in it, for tests: deterministic, every call the same."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password

from rexian.directory.models import Area, CatalogueLine, Category, City, Department, Staff
from rexian.directory.queries import by_of
from rexian.intake.actions import Received, Submission, receive
from rexian.orders import actions
from rexian.orders.models import WorkOrder
from rexian.security.identity import CITIZEN, By
from rexian.security.models import User
from rexian.security.posts import Post

PASSWORD = "correct horse battery"
TELEPHONE = "13800138000"
TODAY = date(2026, 11, 24)
"""A Tuesday on which the town's catalogue holds."""
TEXT = "春和小区3号楼从昨晚八点开始停水，到现在还没来，家里有老人，希望尽快恢复供水。"


@dataclass
class Town:
    """What a test meets: areas, departments, categories and one account of each post."""

    area: Area
    water: Department
    other: Department
    section: Department
    outage: Category
    policy: Category
    users: dict[str, User]

    def by(self, name: str) -> By:
        return by_of(self.users[name])


def make_town(**city: Any) -> Town:
    """Builds the town in the test's database."""
    values = {
        "code": "990100",
        "name": "榆城市",
        "hotline": "榆城热线",
        "rule_pack": "beijing-2021",
        "longitude": 105.2,
        "latitude": 27.6,
    }
    City.objects.create(pk=1, **(values | city))
    top = Area.objects.create(code="990100", stem="9901", name="榆城市", level=1)
    east = Area.objects.create(code="990102", stem="990102", name="河东区", level=2, parent=top)
    street = Area.objects.create(code="990102001", stem="990102001", name="春和街道", level=3, parent=east)
    water = _department("WATER", "市自来水公司")
    other = _department("HOUSE", "市住建局")
    section = _department("WATER-1", "抢修中心", water)
    hotline = _department("HOTLINE", "热线中心")
    life = Category.objects.create(code="Y01", name="城乡建设", level=1, full_name="城乡建设")
    supply = Category.objects.create(code="Y0101", name="供水", level=2, parent=life, full_name="城乡建设 › 供水")
    outage = Category.objects.create(
        code="Y010101", name="停水", level=3, parent=supply, full_name="城乡建设 › 供水 › 停水", service="utility",
        keywords=["停水", "没水", "恢复供水"], default_kind="help",
    )  # fmt: skip
    policy = Category.objects.create(
        code="Y010102", name="水费", level=3, parent=supply, full_name="城乡建设 › 供水 › 水费",
        keywords=["水费", "水表", "阶梯水价"], default_kind="consult",
    )  # fmt: skip
    for number, category in enumerate((outage, policy), 1):
        CatalogueLine.objects.create(
            number=number, category=category, lead=water, assisting=[other.pk], since="2026-01-01"
        )
    users = {post.value: _user(post.value, post, hotline) for post in Post}
    users |= {"clerk": _user("clerk", Post.CLERK, water, users), "head": _user("head", Post.HEAD, water, users)}
    users["stranger"] = _user("stranger", Post.CLERK, other)
    return Town(street, water, other, section, outage, policy, users)


def _department(code: str, name: str, parent: Department | None = None) -> Department:
    one = Department.objects.create(code=code, name=name, parent=parent, internal=parent is not None)
    one.path = f"{parent.path if parent else '/'}{one.pk}/"
    one.save()
    return one


def _user(name: str, post: Post, department: Department, known: dict[str, User] | None = None) -> User:
    if known and name in known:
        Staff.objects.filter(user=known[name]).update(department=department)
        return User.objects.get(pk=known[name].pk)
    user = User.objects.create(
        username=name, name=f"张{name}", number=name, post=post, password=make_password(PASSWORD)
    )
    Staff.objects.create(user=user, department=department)
    return user


def submission(town: Town, **values: Any) -> Submission:
    told: dict[str, Any] = {"source": "test", "key": str(uuid.uuid4()), "channel": "web", "text": TEXT, "kind": "help"}
    told |= {"name": "王小明", "telephone": TELEPHONE, "address": "春和小区3号楼2单元501室", "area": town.area}
    return Submission(**(told | values))


def received(town: Town, **values: Any) -> Received:
    return receive(submission=submission(town, **values), by=CITIZEN)


def dispatched(town: Town, **values: Any) -> WorkOrder:
    """An order in the hands of the water company."""
    order = actions.accept(order=received(town, **values).order, by=town.by("dispatcher"), category=town.outage)
    return actions.dispatch(
        order=order, by=town.by("dispatcher"), category=town.outage, lead=town.water, assisting=[town.other]
    )


def replied(town: Town, **values: Any) -> WorkOrder:
    order = actions.sign(order=dispatched(town, **values), by=town.by("clerk"))
    actions.contact(order=order, by=town.by("clerk"), result="已电话联系", number=TELEPHONE)
    return actions.reply(
        order=order,
        by=town.by("clerk"),
        reply_citizen="已修好水管，恢复供水。",
        reply_public="该处水管已修好。",
        facts="true",
        solved=True,
    )


def closed(town: Town, **values: Any) -> WorkOrder:
    order = actions.approve(order=replied(town, **values), by=town.by("dispatcher"), publish=True)
    order = actions.visit(order=order, by=town.by("visitor"), solved=True, grade=5)
    return actions.close(order=order, by=town.by("visitor"))
