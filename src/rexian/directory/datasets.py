# SPDX-License-Identifier: Apache-2.0
"""The directory's tables, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.directory import models
from rexian.security.declarations import Dataset, Sensitivity, of

PUBLIC, INTERNAL, PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


DATASETS = [
    Dataset(
        models.City,
        _("城市"),
        of(PUBLIC, "id code name hotline telephone rule_pack longitude latitude tiles tiles_datum logo")
        | of(INTERNAL, "dispatch_above"),
    ),
    Dataset(models.Area, _("区域"), of(PUBLIC, "id code stem name level parent longitude latitude outline active")),
    Dataset(
        models.Department,
        _("部门"),
        of(PUBLIC, "id code name short parent path area internal telephone duties active") | of(PERSONAL, "contact"),
    ),
    Dataset(
        models.Category,
        _("分类"),
        of(PUBLIC, "id code name level parent full_name keywords default_kind service limit limit_unit note active"),
    ),
    Dataset(
        models.CatalogueLine, _("派单目录"), of(PUBLIC, "id number category area lead assisting since until basis")
    ),
    Dataset(models.CalendarDay, _("工作日历"), of(PUBLIC, "id day working reason national")),
    Dataset(models.Staff, _("人员"), of(INTERNAL, "id user department areas extension")),
    Dataset(
        models.Citizen, _("诉求人"), of(INTERNAL, "id since merged_into") | of(PERSONAL, "name salutation address")
    ),
    Dataset(
        models.Identity,
        _("身份标识"),
        of(INTERNAL, "id citizen sort") | of(PERSONAL, "index") | of(Sensitivity.SENSITIVE, "value"),
    ),
    Dataset(models.Change, _("名录变更"), of(INTERNAL, "id at user role table subject") | of(PERSONAL, "before after")),
]
"""None is thrown away by age: orders of all years refer to them."""
