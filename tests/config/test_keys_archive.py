# SPDX-License-Identifier: Apache-2.0
"""Keys that the archive's files need outlive every change, and an export that was killed does not stand in the way of the next."""

from pathlib import Path
from typing import Any

import pytest

from rexian.config.operations import keys
from rexian.orders import archive, chain
from rexian.orders.actions.archiving import remove_part, restore_part
from rexian.orders.archive import Part
from rexian.orders.models import WorkOrder
from rexian.security.identity import SYSTEM
from tests.config.test_keys import _ring_as_before, quietly, ring
from tests.factories import TELEPHONE
from tests.orders.test_archive import JUNE, _export, _own_folder, june

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
__all__ = ["_own_folder", "_ring_as_before", "june"]


def test_an_archived_order_is_read_after_the_keys_have_changed(
    june: list[WorkOrder], settings: Any, tmp_path: Path
) -> None:
    settings.DATA_FOLDERS = {"archive": tmp_path / "archive"}
    first = ring()["current"]
    record = _export()
    remove_part(record=record, by=SYSTEM)
    assert keys.archived() == {first}
    done = quietly()
    assert done.kept == [first]
    assert set(ring()["keys"]) == {first, done.current}
    restore_part(record=record, by=SYSTEM)
    assert WorkOrder.objects.get(pk=june[0].pk).telephone == TELEPHONE
    assert chain.verify().findings == []
    again = quietly(new_key=False)
    assert again.renewed > 0, "what came back is written anew"
    assert again.kept == [first], "the files are still there"


def test_what_a_killed_export_left_is_written_over(june: list[WorkOrder]) -> None:
    left = Part(JUNE, 1).folder
    left.mkdir(parents=True)
    (left / archive.MANIFEST).write_text("{}")
    record = _export()
    archive.check(Part(JUNE, 1), record.manifest)
