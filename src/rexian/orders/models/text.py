# SPDX-License-Identifier: Apache-2.0
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rexian.orders.labels import EDGES

FIELDS = {
    "reply": "reply_citizen",
    "answer": "reply_citizen",
    "ask_supplement": "question",
    "refuse": "reason",
    "ask_return": "reason",
    "ask_extension": "reason",
    "promise": "reason",
    "send_back": "reason",
    "contact": "result",
    "visit": "remark",
    "visit_missed": "result",
}
"""The acts that texts are kept for, each with the field that a text fills."""


class TextTemplate(models.Model):
    """A text that staff use again and again at one act (常用语), with places for what differs: {number}, {lead}, {category} …"""

    edge = models.CharField(_("用于"), max_length=24, choices=[(name, EDGES[name]) for name in FIELDS])
    name = models.CharField(_("名称"), max_length=40)
    text = models.TextField(_("内容"), max_length=2000)
    active = models.BooleanField(_("启用"), default=True)

    class Meta:
        verbose_name = _("常用语")
        ordering = ["edge", "name"]
        constraints = [
            models.UniqueConstraint(fields=["edge", "name"], name="text_name_once_an_edge"),
            models.CheckConstraint(condition=Q(edge__in=list(FIELDS)), name="text_edge_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(text=""), name="text_says_something"),
        ]

    def __str__(self) -> str:
        return self.name
