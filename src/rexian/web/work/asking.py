# SPDX-License-Identifier: Apache-2.0
"""What the visitor asks the citizen: questions that follow from what the department did with the order."""

from django.utils.translation import gettext as _

from rexian.orders.models import WorkOrder


def questions(order: WorkOrder) -> list[str]:
    """The questions of a return visit, in the order in which to ask them."""
    lead = order.lead.name if order.lead else _("承办单位")
    asked = [_("%(lead)s有没有联系过您？") % {"lead": lead}]
    if order.redos:
        asked.append(_("上次您说没有解决，这次重办后有没有变化？"))
    if order.solved:
        asked.append(_("单位答复说已经解决，是不是这样？"))
    else:
        why = order.why_unsolved or _("没有说明")
        asked.append(_("单位答复说还没有解决，原因是“%(why)s”。有没有向您解释清楚？") % {"why": why})
    asked.append(_("您对办理的结果和态度满意吗：非常满意、满意、基本满意、不满意、非常不满意？"))
    return asked
