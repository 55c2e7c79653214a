# SPDX-License-Identifier: Apache-2.0
"""The tables of the knowledge base, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.knowledge import models
from rexian.security.declarations import Dataset, Sensitivity, of

PUBLIC, INTERNAL, PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL

DATASETS = [
    Dataset(
        models.Article, _("知识"), of(PUBLIC, "id changed_at expires") | of(INTERNAL, "state latest live reminded")
    ),
    Dataset(
        models.Version,
        _("知识版本"),
        of(PUBLIC, "id article number at department categories areas kinds public valid_from valid_until")
        | of(INTERNAL, "author title questions body basis search"),
    ),
    Dataset(
        models.ArticleEvent, _("知识事件"), of(INTERNAL, "id article version at edge target role user author reason")
    ),
    Dataset(models.Vote, _("有用评价"), of(INTERNAL, "id version user useful at") | of(PERSONAL, "visitor why")),
]
"""Kept as long as the hotline: what was answered on a day must be found by the version of that day."""
