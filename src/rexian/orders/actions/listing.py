# SPDX-License-Identifier: Apache-2.0
"""Saved views and exports of lists."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from rexian.directory import clock
from rexian.directory.queries import by_of
from rexian.orders import columns, finding, writing
from rexian.orders.finding import Criteria
from rexian.orders.models import Export, SavedView
from rexian.security.actions import person, record_access
from rexian.security.errors import Forbidden, Refusal
from rexian.security.identity import By

KEPT = timedelta(days=7)
"""How long the file of an export is kept."""
FOLDER = "exports"
STEP = 2_000
"""Rows between two notes of how far an export is."""


@transaction.atomic
def save_view(*, by: By, name: str, query: str, shared: bool = False) -> SavedView:
    """Keeps a list under a name; one's own of that name is replaced."""
    if not name.strip():
        raise Refusal(_("请给这个列表起个名字。"), field="name")
    values = {"post": by.role.value, "query": query[:4000], "shared": shared, "saved_at": clock.now()}
    view, _made = SavedView.objects.update_or_create(user_id=person(by), name=name.strip()[:40], defaults=values)
    return view


@transaction.atomic
def drop_view(*, by: By, view: SavedView) -> None:
    """Throws away one's own saved view."""
    if view.user_id != by.user_id:
        raise Forbidden(_("这是别人保存的列表。"))
    view.delete()


@transaction.atomic
def record_export(*, by: By, criteria: Criteria, names: Sequence[str], reason: str, address: str | None) -> None:
    """Writes down who exports what and why; without a reason there is no export."""
    told = " ".join(names)
    record_access(by=by, act="export", subject=_told(criteria), fields=told[:200], reason=reason, address=address)


def _told(criteria: Criteria) -> str:
    return ("；".join(f"{name}={value}" for name, value in criteria.to_json().items()) or "all")[:64]


@transaction.atomic
def ask_export(
    *, by: By, criteria: Criteria, names: list[str], form: str, reason: str, address: str | None = None
) -> Export:
    """Asks for a long export, which the worker writes."""
    if form not in writing.FORMS:
        raise Refusal(_("请选择 CSV 或 XLSX。"), field="form")
    record_export(by=by, criteria=criteria, names=names, reason=reason, address=address)
    expected = finding.how_many(finding.find(criteria, by)).rows
    export = Export.objects.create(
        user_id=person(by),
        asked_at=clock.now(),
        criteria=criteria.to_json(),
        columns=[column.name for column in columns.chosen(names)],
        form=form,
        reason=reason.strip()[:200],
        expected=expected,
    )
    app.configure_task("rexian.orders.tasks.write_export", queue="exports").defer(pk=export.pk)
    return export


def write_export(*, pk: int) -> None:
    """Writes the file of an export, as its asker may see it now; a killed attempt is begun anew, a finished one is left alone."""
    with transaction.atomic():
        export = Export.objects.select_for_update(skip_locked=True).filter(pk=pk, done_at=None).first()
        if export is None:
            return
        export.state = Export.State.RUNNING
        export.save(update_fields=["state"])
    try:
        _write(export)
    except Exception:
        Export.objects.filter(pk=pk).update(state=Export.State.FAILED, done_at=clock.now())
        raise
    Export.objects.filter(pk=pk).update(state=Export.State.DONE, done_at=clock.now(), file=export.file)


def _write(export: Export) -> None:
    by, shown = by_of(export.user), columns.chosen(export.columns)
    criteria = Criteria.from_json(export.criteria)
    rows = columns.with_columns(finding.find(criteria, by), shown).order_by(criteria.sort, "pk")
    export.file = f"{secrets.token_hex(16)}.{export.form}"
    path = file_of(export)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def note(written: int) -> None:
        if written % STEP == 0:
            Export.objects.filter(pk=export.pk).update(written=written)

    written = writing.write(path, export.form, shown, rows.iterator(chunk_size=1000), by, note)
    Export.objects.filter(pk=export.pk).update(written=written)


def file_of(export: Export) -> Path:
    """Where the file of an export lies."""
    return Path(settings.MEDIA_ROOT).parent / FOLDER / export.file


def discard_exports() -> int:
    """Throws away the files of exports older than KEPT, with their rows; returns how many."""
    old = list(Export.objects.filter(asked_at__lt=clock.now() - KEPT))
    for export in old:
        if export.file:
            file_of(export).unlink(missing_ok=True)
        export.delete()
    return len(old)
