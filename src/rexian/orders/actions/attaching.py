# SPDX-License-Identifier: Apache-2.0
"""Files that come with an order."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from rexian.directory import clock
from rexian.orders import attachments
from rexian.orders.actions.moving import begin, finish
from rexian.orders.models import Attachment, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.identity import By


@transaction.atomic
def attach(*, order: WorkOrder, by: By, name: str, content: bytes) -> Attachment:
    """Adds a file, kept as it came and, for pictures, in a copy without metadata. The same file twice is one attachment."""
    kind = attachments.media_type(content, name)
    locked = begin(order, "attach", by=by)
    sha256 = hashlib.sha256(content).hexdigest()
    if known := Attachment.objects.filter(order=locked, sha256=sha256).first():
        return known
    if Attachment.objects.filter(order=locked).count() >= attachments.MOST:
        raise Refusal(_("一张工单最多 %(most)s 个附件。") % {"most": attachments.MOST}, field="attachments")
    clean = attachments.cleaned(content, kind, name)
    one = Attachment.objects.create(
        order=locked,
        name=name[-120:],
        media_type=kind,
        size=len(content),
        sha256=sha256,
        original=attachments.store(content),
        cleaned=attachments.store(clean),
        at=clock.now(),
        role=by.role.value,
        user_id=by.user_id,
    )
    finish(locked, "attach", by=by, data={"name": one.name, "sha256": sha256})
    return one
