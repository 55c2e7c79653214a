# SPDX-License-Identifier: Apache-2.0
"""A full disk, a clock that jumps, a worker that was dead for a day, files that cannot be read: refused or caught up, never half done."""

import io
import os
import random
import subprocess
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from rexian.directory import clock
from rexian.directory import queries as directory
from rexian.orders import actions, attachments, chain, tasks
from rexian.orders.models import Attachment, OrderEvent, Seal, WorkOrder
from rexian.security.errors import Refusal
from rexian.security.identity import CITIZEN
from tests.factories import TELEPHONE, TEXT, Town, dispatched, received
from tests.web.test_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def picture(seed: int = 1, side: int = 200) -> bytes:
    """A picture of noise, which does not compress: about 3 bytes a pixel."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def tiny_disk(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An attachment store of 64 kB."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a tiny disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(tmp_path)], check=False)
    if mounted.returncode:
        pytest.skip("no tmpfs can be mounted here")
    settings.MEDIA_ROOT = tmp_path
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def _form(**values: object) -> dict[str, object]:
    return {"key": str(uuid.uuid4()), "text": TEXT, "kind": "help", "telephone": TELEPHONE} | values


def test_a_full_disk_refuses_the_file_and_writes_nothing(town: Town, tiny_disk: Path) -> None:
    client = Client()
    form = _form(photos=SimpleUploadedFile("x.png", picture(), "image/png"))
    answer = client.post("/", form)
    assert answer.status_code == 422
    assert "现在存不下附件，没有提交" in answer.content.decode()
    assert TEXT in answer.content.decode(), "what was typed is still there"
    assert (WorkOrder.objects.count(), Attachment.objects.count(), OrderEvent.objects.count()) == (0, 0, 0)
    assert [path for path in tiny_disk.rglob("*") if path.is_file()] == []
    assert client.post("/", _form(key=form["key"])).status_code == 302, (
        "without the file it goes through, with the same key"
    )
    assert WorkOrder.objects.count() == 1
    assert chain.verify().findings == []


def test_a_full_disk_leaves_an_order_as_it_was(town: Town, tiny_disk: Path) -> None:
    order = received(town).order
    with pytest.raises(Refusal, match="现在存不下附件"):
        actions.attach(order=order, by=CITIZEN, name="x.png", content=picture())
    assert order.attachments.count() == 0
    assert order.events.count() == 1
    small = actions.attach(order=order, by=CITIZEN, name="y.png", content=picture(side=20))
    assert attachments.path(small.original).exists()


def test_files_that_cannot_be_read_are_told_honestly(town: Town, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "mounted"
    order = received(town, files=[("x.png", picture(side=20))]).order
    settings.MEDIA_ROOT.rename(tmp_path / "away")
    client = signed_in("dispatcher")
    client.raise_request_exception = False
    assert client.get(f"/work/orders/{order.number}/").status_code == 200, "the order itself is there"
    file = order.attachments.get()
    answer = client.get(f"/work/orders/{order.number}/files/{file.pk}/")
    assert answer.status_code == 503
    assert "文件暂时读写不了" in answer.content.decode()
    (tmp_path / "away").rename(settings.MEDIA_ROOT)
    back = client.get(f"/work/orders/{order.number}/files/{file.pk}/")
    assert b"".join(back).startswith(b"\x89PNG")
    back.close()


def test_a_clock_that_goes_back_does_not_look_like_tampering(town: Town) -> None:
    order = dispatched(town)
    true = clock.now()
    chain.seal_due(true + timedelta(hours=4))
    sealed = Seal.objects.order_by("-hour")[0].hour + chain.HOUR
    directory.forget()
    actions.sign(order=order, by=town.by("clerk"))  # by the true clock, in an hour that was sealed too early
    last = order.events.order_by("-seq")[0]
    assert last.at == sealed
    assert last.data["clock"].startswith(f"{true:%Y-%m-%dT}")
    assert chain.verify().findings == []
    with clock.at(sealed + timedelta(minutes=10)):
        received(town)
    chain.seal_due(sealed + timedelta(hours=2))
    directory.forget()
    assert chain.verify().findings == []
    with clock.at(sealed + timedelta(hours=3)):
        one = received(town).order
    assert "clock" not in one.events.get().data


def test_a_worker_whose_clock_is_ahead_does_nothing_early(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    order = dispatched(town)
    true = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: true + timedelta(days=3))
    tasks.run_clocks(timestamp=0)
    tasks.seal_hours(timestamp=0)
    assert not order.events.filter(edge__in=("yellow", "red", "remind")).exists()
    assert not Seal.objects.exists()
    monkeypatch.setattr(timezone, "now", lambda: true - timedelta(days=3))
    WorkOrder.objects.filter(pk=order.pk).update(due_at=true - timedelta(minutes=1))
    tasks.run_clocks(timestamp=0)
    assert order.events.get(edge="red").at >= true, "and one that is behind is not late"


def test_a_worker_that_was_dead_for_a_day_catches_up_once(town: Town) -> None:
    now = timezone.now()
    with clock.at(now - timedelta(hours=30)):
        orders = [dispatched(town) for _ in range(3)]
    WorkOrder.objects.update(warn_at=now - timedelta(hours=20), due_at=now - timedelta(hours=10))
    for _ in range(2):
        tasks.run_clocks(timestamp=0)
        tasks.seal_hours(timestamp=0)
    for order in orders:
        assert order.events.filter(edge="red").count() == 1
        assert order.events.filter(edge="remind").count() <= 1
    hours = Seal.objects.count()
    assert 28 <= hours <= 30
    assert chain.verify().findings == []


def test_a_nightly_task_that_nobody_took_is_made_up_for_once() -> None:
    deferrer = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    now = timezone.now().replace(hour=12, minute=0).timestamp()
    turns = [task.task.name for task, _turn in deferrer.get_previous_tasks(at=now)]
    assert turns.count("rexian.intake.tasks.discard_old") == 1
    assert turns.count("rexian.orders.tasks.run_clocks") == 1
