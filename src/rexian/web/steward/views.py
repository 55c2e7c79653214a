# SPDX-License-Identifier: Apache-2.0
"""The access review: who looked at whom and why, and what each post may see."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from rexian.directory.paging import page
from rexian.orders.access import VIEWERS
from rexian.security import access
from rexian.security.access import StaffRequest
from rexian.security.masking import POLICY, SORTS, Sight
from rexian.security.models import POST_LABELS, AccessRecord, User
from rexian.security.posts import Post
from rexian.web.forms import style

steward = access.staff(Post.STEWARD, Post.ADMINISTRATOR)
SIGHTS = {Sight.FULL: _("看全"), Sight.MASKED: _("遮住，写明理由可看全"), Sight.HIDDEN: _("看不到")}
SORT_LABELS = {"name": _("姓名"), "telephone": _("电话"), "id_number": _("身份证号"), "address": _("地址")}
ACTS = {
    "reveal": _("看全个人信息"),
    "search": _("按电话搜索"),
    "export": _("导出"),
    "run_job_again": _("重新运行任务"),
    "second_factor": _("两步验证"),
    "change_password": _("修改密码"),
    "sign_out_everywhere": _("全部退出"),
    "reset_password": _("重设密码"),
    "train": _("重新学习"),
}


class Filters(forms.Form):
    who = forms.CharField(label=_("谁（账号或姓名）"), required=False, max_length=64)
    subject = forms.CharField(label=_("看了什么（工单号）"), required=False, max_length=64)
    act = forms.ChoiceField(label=_("行为"), required=False, choices=[("", _("全部")), *ACTS.items()])


@steward
def review(request: StaffRequest) -> HttpResponse:
    """Every look at personal data and every act on an account, the newest first."""
    filters = style(Filters(request.GET))
    rows = AccessRecord.objects.select_related("user")
    if filters.is_valid():
        told = filters.cleaned_data
        if told["who"]:
            named = User.objects.filter(username=told["who"]) | User.objects.filter(name=told["who"])
            rows = rows.filter(user__in=named)
        if told["subject"]:
            rows = rows.filter(subject=told["subject"].strip())
        if told["act"]:
            rows = rows.filter(act=told["act"])
    kept = request.GET.copy()
    kept.pop("after", None)
    shown = page(rows, "-at", after=request.GET.get("after", ""), size=50)
    context = {"page": shown, "filters": filters, "query": f"&{kept.urlencode()}", "acts": ACTS}
    return render(request, "steward/review.html", context)


@steward
def posts(request: StaffRequest) -> HttpResponse:
    """What each post may see, as the code decides it, and how many hold it."""
    rows = [
        {
            "post": POST_LABELS[post],
            "orders": post in VIEWERS,
            "sights": [SIGHTS[POLICY.get(post, {}).get(sort, Sight.HIDDEN)] for sort in SORTS],
            "people": User.objects.filter(post=post, is_active=True).count(),
        }
        for post in Post
    ]
    return render(request, "steward/posts.html", {"rows": rows, "sorts": [SORT_LABELS[sort] for sort in SORTS]})
