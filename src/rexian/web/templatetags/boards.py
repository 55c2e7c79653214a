# SPDX-License-Identifier: Apache-2.0
"""What the boards draw."""

from collections import Counter

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.orders import labels
from rexian.orders.boards import Hop
from rexian.web.templatetags.rexian import span

register = template.Library()
WIDE, HIGH = 8, 28
"""Of the bar of one hour, in units of the drawing."""


@register.simple_tag
def hours(counts: list[int], most: int) -> SafeString:
    """The 24 hours of a day as bars, `most` reaching the top; told in words to those who do not see them."""
    told = [(hour, n) for hour, n in enumerate(counts) if n]
    words = _("，").join(_("%(hour)s 时 %(n)s") % {"hour": hour, "n": n} for hour, n in told) or _("没有")
    heights = ((hour, n, max(2, round(HIGH * n / max(most, 1)))) for hour, n in told)
    rows = ((hour * WIDE, HIGH - high, WIDE - 2, high, hour, n) for hour, n, high in heights)
    bars = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}"><title>{}:00 · {}</title></rect>', rows)
    shape = '<svg class="hours" viewBox="0 0 {} {}" role="img" aria-label="{}">{}<path d="M0 {}H{}"/></svg>'
    return format_html(shape, 24 * WIDE, HIGH + 1, words, bars, HIGH + 0.5, 24 * WIDE)


@register.filter
def deeds(edges: Counter[str]) -> str:
    """What somebody did most: 派单 12 · 受理 9."""
    return " · ".join(f"{labels.EDGES[edge]} {n}" for edge, n in edges.most_common(4))


@register.filter
def stayed(hop: Hop) -> str:
    """How long an order was, or has been, somewhere."""
    return span((hop.until or clock.now()) - hop.since)
