# SPDX-License-Identifier: Apache-2.0
"""The tables of the assessment, for data governance."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from rexian.assessment import models
from rexian.security.declarations import Dataset, Sensitivity, of

INTERNAL, PERSONAL, SENSITIVE = Sensitivity.INTERNAL, Sensitivity.PERSONAL, Sensitivity.SENSITIVE
KEPT = timedelta(days=30)
"""How long the file of a report is kept."""

DATASETS = [
    Dataset(
        models.Survey,
        _("问卷调查"),
        of(INTERNAL, "id title index_version questionnaire_version opens closes owner made_at address judges"),
    ),
    Dataset(
        models.Invitation,
        _("受邀城市"),
        of(INTERNAL, "id survey city own fill_link sign_link state revoked_at")
        | of(PERSONAL, "contact")
        | of(SENSITIVE, "fill_token sign_token"),
    ),
    Dataset(
        models.Answer, _("回答"), of(INTERNAL, "id invitation question number value user at") | of(PERSONAL, "name")
    ),
    Dataset(
        models.SignOff,
        _("签发"),
        of(INTERNAL, "id invitation user at digest reopened_at reopened_by reason") | of(PERSONAL, "head"),
    ),
    Dataset(
        models.Evidence,
        _("佐证材料"),
        of(INTERNAL, "id invitation indicator name media_type size sha256 file at removed_at")
        | of(PERSONAL, "by removed_by"),
        files=("file",),
    ),
    Dataset(models.Letter, _("信件"), of(INTERNAL, "id invitation sort asked_at tried_at sent_at")),
    Dataset(
        models.Report,
        _("评估报告"),
        of(
            INTERNAL, "id survey invitation form weighting everyone language user asked_at state expected done file why"
        ),
        KEPT,
    ),
]
"""Answers and sign-offs are kept as long as the hotline: later rounds are set beside them."""
