# SPDX-License-Identifier: Apache-2.0
"""What the pages of the knowledge base are written with."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.knowledge import labels, markup
from rexian.knowledge.models import Article, ArticleEvent, Version
from rexian.knowledge.validity import days_left
from rexian.knowledge.workflow import REMINDERS, State

register = template.Library()
register.filter("markup", markup.html)
register.filter("plain", markup.plain)
register.filter("brief", markup.brief)

TONES = {State.PUBLISHED: (" done", "✓ "), State.EXPIRED: (" late", "▲ "), State.REVIEWING: (" accent", "")}


@register.simple_tag
def article_state(article: Article, version: Version) -> SafeString:
    """Where the shown version stands: the live one is published, whatever becomes of the next."""
    state = State.PUBLISHED if version.pk == article.live_id else State(article.state)
    tone, mark = TONES.get(state, ("", ""))
    return format_html('<span class="tag{}">{}{}</span>', tone, mark, labels.STATES[state])


@register.simple_tag
def validity(article: Article) -> SafeString | str:
    """How long the live version still holds, once that is less than the first reminder."""
    left = days_left(article, clock.today())
    if left is None or left > max(REMINDERS) or article.expires is None:
        return ""
    if left < 0:
        return format_html('<span class="tag late">▲ {}</span>', _("有效期已满"))
    words = _("今天到期") if left == 0 else _("还有 %(n)s 天到期") % {"n": left}
    return format_html('<span class="tag near" title="{}">● {}</span>', article.expires.isoformat(), words)


@register.filter
def happened(event: ArticleEvent) -> str:
    """What an event was, with the span of a reminder."""
    label = str(labels.EDGES[event.edge])
    return _("%(what)s（%(n)s 天）") % {"what": label, "n": event.reason} if event.edge == "remind" else label
