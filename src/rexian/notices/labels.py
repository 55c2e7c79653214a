# SPDX-License-Identifier: Apache-2.0
"""What people call the kinds of notices."""

from django.utils.translation import gettext_lazy as _

from rexian.notices.kinds import Kind

KINDS = {
    Kind.DANGER: _("危险警情"),
    Kind.CARD: _("黄牌和红牌"),
    Kind.INSTRUCTION: _("督办要求"),
    Kind.URGED: _("催办"),
    Kind.RETURNED: _("退回、延期、重办、再提"),
    Kind.NEAR: _("快到时限"),
    Kind.SUPPLEMENT: _("补充情况"),
    Kind.DECIDED: _("审定结果"),
    Kind.NEW: _("新派来的工单"),
    Kind.REVIEW: _("待审核的答复"),
    Kind.VISIT: _("待回访的工单"),
    Kind.RISING: _("上升趋势"),
    Kind.ARTICLE: _("待审核的知识"),
    Kind.EXPIRING: _("快到期的知识"),
}
