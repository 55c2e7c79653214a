# SPDX-License-Identifier: Apache-2.0
"""The tables of orders, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.orders import models
from rexian.orders.actions.listing import KEPT
from rexian.security.declarations import Dataset, Sensitivity, of

PUBLIC, INTERNAL, PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL

DATASETS = [
    Dataset(
        models.WorkOrder,
        _("工单"),
        of(
            PUBLIC,
            "id number day channel kind urgency area category state lead received_at accepted_at dispatched_at signed_at",
        )
        | of(
            PUBLIC,
            "contacted_at replied_at closed_at pack clause due_at reply_public published facts solved grade outcome",
        )
        | of(
            INTERNAL,
            "serial confidential danger parent dispatches rounds redos extensions reopens designated card warn_at",
        )
        | of(
            INTERNAL,
            "stage_due_at stage_reminded outside_duty why_unsolved last_seq last_hash fingerprint named query_code",
        )
        | of(
            PERSONAL,
            "title text who telephone address happened cause longitude latitude citizen reply_citizen proposal search",
        ),
    ),
    Dataset(
        models.OrderEvent,
        _("工单事件"),
        of(INTERNAL, "id order seq at edge source target role user department digest hash") | of(PERSONAL, "data"),
    ),
    Dataset(models.Seal, _("封存"), of(INTERNAL, "id hour events orders last_serial voids digest hash")),
    Dataset(models.NumberDay, _("号码日"), of(INTERNAL, "day base")),
    Dataset(
        models.Assignment,
        _("承办"),
        of(PUBLIC, "id order department section part round since signed_at ended_at returned suggested")
        | of(PERSONAL, "return_reason opinion"),
    ),
    Dataset(
        models.Extension,
        _("延期申请"),
        of(PUBLIC, "id order asked_at days decided_at granted")
        | of(INTERNAL, "asked_by")
        | of(PERSONAL, "reason decision"),
    ),
    Dataset(
        models.Visit,
        _("回访"),
        of(PUBLIC, "id order at round reached solved grade") | of(INTERNAL, "by") | of(PERSONAL, "remark"),
    ),
    Dataset(models.Correction, _("更正"), of(INTERNAL, "id order at by field proposed chosen confidence model")),
    Dataset(models.TextTemplate, _("常用语"), of(INTERNAL, "id edge name text active")),
    Dataset(models.SavedView, _("保存的列表"), of(INTERNAL, "id user post name query shared saved_at")),
    Dataset(
        models.Export,
        _("导出"),
        of(INTERNAL, "id user asked_at criteria columns form reason state expected written file done_at"),
        KEPT,
    ),
    Dataset(
        models.Attachment,
        _("附件"),
        of(INTERNAL, "id order media_type size sha256 at role user") | of(PERSONAL, "name original cleaned"),
        files=("original", "cleaned"),
    ),
    Dataset(models.ArchiveRecord, _("档案记录"), of(INTERNAL, "id at act month part orders root manifest user")),
    Dataset(
        models.ArchivedOrder,
        _("已入档工单"),
        of(INTERNAL, "id number serial record last_seq last_hash at area departments query_code"),
    ),
    Dataset(models.ArchivedEvent, _("已入档事件"), of(INTERNAL, "id order seq at hash")),
]
"""Kept as long as the hotline: ended orders go to the archive, whole and with proof, and are not thrown away by age."""
