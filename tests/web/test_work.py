# SPDX-License-Identifier: Apache-2.0
"""The work pages' own acts: one key, side by side, what the visitor asks, the board, the components."""

import re

import pytest

from rexian.orders import actions
from rexian.orders.models import WorkOrder
from tests.factories import Town, dispatched, received, replied
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def test_one_key_accepts_the_proposal(town: Town) -> None:
    order = received(town).order
    dispatcher = signed_in("dispatcher")
    assert 'data-key="y"' in dispatcher.get("/work/dispatch/").content.decode()
    assert dispatcher.post(f"/work/orders/{order.number}/adopt/").status_code == 302
    order.refresh_from_db()
    assert (order.state, order.lead, order.category) == ("dispatched", town.water, town.outage)
    assert [event.edge for event in order.events.all()] == ["submit", "accept", "dispatch"]


def test_what_cannot_be_adopted_says_why_and_writes_nothing(town: Town) -> None:
    order = received(town).order
    WorkOrder.objects.filter(pk=order.pk).update(proposal=None)
    page = signed_in("dispatcher").post(f"/work/orders/{order.number}/adopt/", follow=True)
    assert "没有可采用的建议" in page.content.decode()
    assert order.events.count() == 1
    assert (
        "您的岗位不能"
        in signed_in("visitor").post(f"/work/orders/{received(town).order.number}/adopt/", follow=True).content.decode()
    )


def test_repeats_lie_side_by_side_and_are_merged_together(town: Town) -> None:
    parent, *others = [dispatched(town) for _ in range(3)]
    elsewhere = dispatched(town, area=None)
    dispatcher = signed_in("dispatcher")
    page = dispatcher.get(f"/work/orders/{parent.number}/repeats/?with={elsewhere.number}").content.decode()
    ticked = re.findall(r'name="number" value="([^"]+)"[^>]*checked', page)
    assert sorted(ticked) == sorted(one.number for one in others)
    assert 'class="differs"' in page
    dispatcher.post(f"/work/orders/{parent.number}/repeats/merge/", {"number": ticked})
    assert parent.repeats.count() == 2
    assert "请先选中" in dispatcher.post(f"/work/orders/{parent.number}/repeats/merge/", follow=True).content.decode()


def test_the_visitor_is_told_what_to_ask(town: Town) -> None:
    order = actions.approve(order=replied(town), by=town.by("dispatcher"))
    visitor = signed_in("visitor")
    assert "市自来水公司有没有联系过您" in visitor.get("/work/visits/").content.decode()
    order = actions.redo(order=order, by=town.by("visitor"), reason="没有解决")
    order = actions.sign(order=order, by=town.by("clerk"))
    actions.contact(order=order, by=town.by("clerk"), result="已联系")
    order = actions.reply(
        order=order, by=town.by("clerk"), reply_citizen="等材料", facts="true", solved=False, why_unsolved="缺配件"
    )
    actions.approve(order=order, by=town.by("dispatcher"))
    page = visitor.get("/work/visits/").content.decode()
    assert "这次重办后" in page
    assert "缺配件" in page


def test_the_queue_says_how_long_a_step_has(town: Town) -> None:
    received(town)
    assert re.search(r"受理 还有 \d+ (分钟|小时)", signed_in("dispatcher").get("/work/dispatch/").content.decode())


def test_every_component_is_shown(town: Town) -> None:
    page = signed_in("clerk").get("/components/").content.decode()
    assert "手机号少 1 位" in page
    assert page.count("<section") >= 12


@pytest.mark.parametrize(("confidence", "button"), [(None, "btn"), (0.59, "btn"), (0.6, "btn primary")])
def test_an_unsure_proposal_is_not_the_first_choice(town: Town, confidence: float | None, button: str) -> None:
    """One primary button a page: the proposal's where it is sure, else that of the dispatcher's own choice, which stands open."""
    for order, own in ((received(town).order, "accept"), (received(town).order, "dispatch")):
        if own == "dispatch":
            order = actions.accept(order=order, by=town.by("dispatcher"), category=town.outage)
        department = order.proposal["department"] | {"confidence": confidence}
        WorkOrder.objects.filter(pk=order.pk).update(proposal=order.proposal | {"department": department})
        page = signed_in("dispatcher").get(f"/work/orders/{order.number}/").content.decode()
        assert f'<button class="{button}" data-key="y">' in page
        open_form = re.search(rf'<section class="card stack">.*?/{own}/.*?<button class="([^"]+)"', page, re.DOTALL)
        assert (open_form[1] if open_form else "") == {
            ("btn", "accept"): "btn primary",
            ("btn", "dispatch"): "btn primary",
            ("btn primary", "accept"): "",
            ("btn primary", "dispatch"): "btn",
        }[button, own]
    assert 'data-key="y"' not in signed_in("supervisor").get(f"/work/orders/{order.number}/").content.decode()


def test_a_day_stands_in_its_field_as_browsers_read_it(town: Town) -> None:
    order = dispatched(town)
    page = signed_in("supervisor").get(f"/work/orders/{order.number}/").content.decode()
    assert re.search(r'<input type="date" name="supervise-until" value="\d{4}-\d\d-\d\d"', page)


def test_a_long_rail_ends_in_a_sheet_and_a_short_one_does_not(town: Town) -> None:
    page = signed_in("supervisor").get("/work/board/").content.decode()
    shown, more = page.split('popovertarget="more"')
    assert shown.count("data-count=") == 3, "late, disputes and reviews stand among the four"
    assert 'id="more" class="sheet" popover>' in more
    assert 'href="/account/"' in more
    assert "popover" not in signed_in("clerk").get("/work/inbox/").content.decode()
