# SPDX-License-Identifier: Apache-2.0
"""What each post sees, in words, from the rules themselves."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.orders.access import VIEWERS
from rexian.security.masking import POLICY, SORTS, Sight
from rexian.security.models import POST_LABELS
from rexian.security.posts import DEPARTMENT_POSTS, Post

SIGHTS = {
    Sight.FULL: gettext_lazy("全部"),
    Sight.MASKED: gettext_lazy("遮住一部分"),
    Sight.HIDDEN: gettext_lazy("看不到"),
}
NAMES = {
    "name": gettext_lazy("姓名"),
    "telephone": gettext_lazy("电话"),
    "id_number": gettext_lazy("身份证号"),
    "address": gettext_lazy("住址"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A post, which orders it sees, and each sort of personal data in the order of SORTS."""

    post: str
    orders: str
    sights: list[str]


def _orders(post: Post) -> str:
    if post not in VIEWERS:
        return _("看不到工单")
    return _("本部门及下级的工单") if post in DEPARTMENT_POSTS else _("全市的工单，限定了区域的只看那里")


def of_posts() -> list[Seen]:
    """What every post sees."""
    return [
        Seen(
            str(POST_LABELS[post]),
            _orders(post),
            [str(SIGHTS[POLICY.get(post, {}).get(sort, Sight.HIDDEN)]) for sort in SORTS],
        )
        for post in Post
    ]


def heading() -> list[str]:
    return [str(NAMES[sort]) for sort in SORTS]
