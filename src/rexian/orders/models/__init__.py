# SPDX-License-Identifier: Apache-2.0
from rexian.orders.models.archive import ArchivedEvent, ArchivedOrder, ArchiveRecord
from rexian.orders.models.attachment import Attachment
from rexian.orders.models.event import NumberDay, OrderEvent, Seal
from rexian.orders.models.handling import Assignment, Correction, Extension, Visit
from rexian.orders.models.order import CALM, DISPUTED, Card, Facts, Grade, Urgency, WorkOrder
from rexian.orders.models.text import TextTemplate
from rexian.orders.models.view import Export, SavedView

__all__ = [
    "CALM",
    "DISPUTED",
    "ArchiveRecord",
    "ArchivedEvent",
    "ArchivedOrder",
    "Assignment",
    "Attachment",
    "Card",
    "Correction",
    "Export",
    "Extension",
    "Facts",
    "Grade",
    "NumberDay",
    "OrderEvent",
    "SavedView",
    "Seal",
    "TextTemplate",
    "Urgency",
    "Visit",
    "WorkOrder",
]
