# SPDX-License-Identifier: Apache-2.0
"""Staff and their accounts: the administrator's alone."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from rexian.directory import actions
from rexian.directory.models import Staff
from rexian.directory.paging import page
from rexian.directory.queries import subtree
from rexian.orders.access import VIEWERS
from rexian.security import actions as security
from rexian.security import second
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.masking import POLICY, SORTS, Sight
from rexian.security.models import User
from rexian.security.posts import DEPARTMENT_POSTS, Post
from rexian.web.admin import changes
from rexian.web.admin.forms import StaffFilter, StaffForm
from rexian.web.admin.guards import administrator, done, found
from rexian.web.steward.views import SIGHTS, SORT_LABELS

SIZE = 50


@administrator
def index(request: StaffRequest) -> HttpResponse:
    """Everyone, searched and filtered, a page at a time."""
    form = StaffFilter(request.GET)
    form.is_valid()
    shown = page(_filtered(form.cleaned_data), "number", after=request.GET.get("after", ""), size=SIZE)
    kept = request.GET.copy()
    kept.pop("after", None)
    context = {"form": form, "page": shown, "query": f"&{kept.urlencode()}"}
    return render(request, "admin/staff.html", context)


def _filtered(data: dict[str, Any]) -> QuerySet[User]:
    rows = User.objects.select_related("staff__department").prefetch_related("staff__areas")
    rows = rows.filter(is_active=not data.get("ended"))
    if words := (data.get("q") or "").strip():
        rows = rows.filter(Q(username__icontains=words) | Q(name__icontains=words) | Q(number__startswith=words))
    if data.get("post"):
        rows = rows.filter(post=data["post"])
    if data.get("department"):
        rows = rows.filter(staff__department__in=subtree(data["department"]))
    return rows


@administrator
def new(request: StaffRequest) -> HttpResponse:
    """A new account; it gets its first password on its page."""
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = User(username=data.pop("username"))
        if done(form, lambda: actions.save_staff(by=request.by, user=user, values=data | {"active": True})):
            messages.success(request, _("已添加 %(name)s，请设一次性密码。") % {"name": user.name})
            return redirect("admin:person", pk=user.pk)
    return render(request, "admin/form.html", {"form": form, "title": _("添加人员"), "back": "admin:staff"})


@administrator
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One account: post, department, areas; its password, sessions and history."""
    user = found(User, pk)
    form = StaffForm(request.POST or None, row=user, initial=_begin(user))
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, lambda: actions.save_staff(by=request.by, user=user, values=form.cleaned_data))
    ):
        messages.success(request, _("已保存。"))
        return redirect("admin:person", pk=pk)
    return _person(request, user, form)


def _begin(user: User) -> dict[str, Any]:
    staff = Staff.objects.select_related("department").filter(user=user).first()
    own = {name: getattr(user, name) for name in ("name", "number", "post")}
    if staff is None:
        return own
    areas = list(staff.areas.all())
    return own | {"department": staff.department, "areas": areas, "extension": staff.extension}


def _person(request: StaffRequest, user: User, form: StaffForm | None = None, once: str = "") -> HttpResponse:
    form = form or StaffForm(row=user, initial=_begin(user))
    told = changes.of("user", "staff", subject=user.username)
    context = {"person": user, "form": form, "changes": told, "once": once, "second": second.confirmed(user)}
    context |= {"orders": _orders(Post(user.post)), "sights": _sights(Post(user.post))}
    return render(request, "admin/person.html", context)


def _orders(post: Post) -> str:
    """Which orders a post sees."""
    if post not in VIEWERS:
        return _("没有工单")
    return _("本部门及下级的") if post in DEPARTMENT_POSTS else _("全市的，限定了区域的只看那里")


def _sights(post: Post) -> list[tuple[Any, Any]]:
    """What of a citizen's personal data a post sees, sort by sort."""
    policy = POLICY.get(post, {})
    return [(SORT_LABELS[sort], SIGHTS[policy.get(sort, Sight.HIDDEN)]) for sort in SORTS]


@administrator
@require_POST
@never_cache
def password(request: StaffRequest, pk: int) -> HttpResponse:
    """A password for one time, shown on this page and never again."""
    user = found(User, pk)
    try:
        once = security.reset_password(user=user, by=request.by, address=request.META.get("REMOTE_ADDR"))
    except Refusal as error:
        messages.error(request, error.message)
        return redirect("admin:person", pk=pk)
    return _person(request, user, once=once)


@administrator
@require_POST
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    """Signs the person out everywhere."""
    user = found(User, pk)
    security.sign_out_everywhere(user=user, by=request.by, address=request.META.get("REMOTE_ADDR"))
    messages.success(request, _("%(name)s 已在所有设备上退出。") % {"name": user.name})
    return redirect("admin:person", pk=pk)


@administrator
@require_POST
def use(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends an account, or takes it into use again."""
    user = found(User, pk)
    try:
        actions.save_staff(by=request.by, user=user, values={"active": "active" in request.POST})
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已启用。") if "active" in request.POST else _("已停用，并在所有设备上退出。"))
    return redirect("admin:person", pk=pk)


@administrator
@require_POST
def end_second(request: StaffRequest, pk: int) -> HttpResponse:
    """Ends the second factor of one who has lost the telephone and the recovery codes."""
    user = found(User, pk)
    try:
        second.give_up(user=user, by=request.by)
    except Refusal as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("已关闭 %(name)s 的两步验证。") % {"name": user.name})
    return redirect("admin:person", pk=pk)
