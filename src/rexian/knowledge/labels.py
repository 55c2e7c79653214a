# SPDX-License-Identifier: Apache-2.0
"""What people call the states, edges and fields of an article."""

from django.utils.translation import gettext_lazy as _

from rexian.knowledge.workflow import State

STATES = {
    State.DRAFT: _("草稿"),
    State.REVIEWING: _("待审核"),
    State.PUBLISHED: _("已发布"),
    State.EXPIRED: _("已过期"),
    State.WITHDRAWN: _("已撤下"),
}

EDGES = {
    "write": _("保存"),
    "submit": _("提交审核"),
    "recall": _("收回修改"),
    "approve": _("审核通过，发布"),
    "send_back": _("退回重写"),
    "withdraw": _("撤下"),
    "remind": _("到期提醒"),
    "expire": _("到期停用"),
    "lapse": _("旧版到期"),
}

FIELDS = {
    # Of a version, in the order in which it is shown and compared
    "title": _("标题"),
    "questions": _("相近问法"),
    "body": _("正文"),
    "basis": _("依据"),
    "department": _("提供单位"),
    "categories": _("分类"),
    "areas": _("适用区域"),
    "kinds": _("诉求性质"),
    "public": _("向市民公开"),
    "valid_from": _("生效日期"),
    "valid_until": _("有效期至"),
    # Of reviews and votes
    "reason": _("理由"),
    "why": _("哪里没用"),
}
