# SPDX-License-Identifier: Apache-2.0
"""The texts that staff use again and again."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory.actions.recording import Outcome, may_keep, put
from rexian.directory.queries import forget
from rexian.orders import texts
from rexian.orders.models import TextTemplate
from rexian.security.errors import Refusal
from rexian.security.identity import By


@transaction.atomic
def save_text(*, by: By, text: TextTemplate, values: Mapping[str, Any]) -> Outcome:
    """Saves a text: edge, name, text, active. Raises Refusal for a place that nobody can fill and a name that is taken."""
    may_keep(by)
    if strange := texts.unknown(values.get("text", text.text)):
        told = {"names": "、".join(f"{{{name}}}" for name in strange), "known": _known()}
        raise Refusal(_("没有这样的占位：%(names)s。可用：%(known)s。") % told, field="text")
    edge, name = values.get("edge", text.edge), values.get("name", text.name)
    if TextTemplate.objects.filter(edge=edge, name=name).exclude(pk=text.pk).exists():
        raise Refusal(_("这一步已有名叫“%(name)s”的常用语。") % {"name": name}, field="name")
    outcome = put(by=by, row=text, subject=f"{edge} {name}", values=values)
    forget()
    return outcome


def _known() -> str:
    return "".join(f"{{{name}}}" for name in texts.PLACES)
