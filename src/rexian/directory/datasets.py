# SPDX-License-Identifier: Apache-2.0
"""The directory's tables, for data governance."""

from django.utils.translation import gettext_lazy as _

from rexian.directory import models
from rexian.security.declarations import Dataset, Sensitivity

PUBLIC, INTERNAL, PERSONAL = Sensitivity.PUBLIC, Sensitivity.INTERNAL, Sensitivity.PERSONAL


def _of(sensitivity: Sensitivity, names: str) -> dict[str, Sensitivity]:
    return dict.fromkeys(names.split(), sensitivity)


DATASETS = [
    Dataset(
        models.City,
        _("城市"),
        _of(PUBLIC, "id code name hotline telephone rule_pack longitude latitude tiles tiles_datum logo")
        | _of(INTERNAL, "dispatch_above"),
    ),
    Dataset(models.Area, _("区域"), _of(PUBLIC, "id code stem name level parent longitude latitude outline active")),
    Dataset(
        models.Department,
        _("部门"),
        _of(PUBLIC, "id code name short parent path area internal telephone duties active") | _of(PERSONAL, "contact"),
    ),
    Dataset(
        models.Category,
        _("分类"),
        _of(PUBLIC, "id code name level parent full_name keywords default_kind service limit limit_unit note active"),
    ),
    Dataset(
        models.CatalogueLine, _("派单目录"), _of(PUBLIC, "id number category area lead assisting since until basis")
    ),
    Dataset(models.CalendarDay, _("工作日历"), _of(PUBLIC, "id day working reason national")),
    Dataset(models.Staff, _("人员"), _of(INTERNAL, "id user department extension")),
    Dataset(
        models.Citizen, _("诉求人"), _of(INTERNAL, "id since merged_into") | _of(PERSONAL, "name salutation address")
    ),
    Dataset(
        models.Identity,
        _("身份标识"),
        _of(INTERNAL, "id citizen sort") | _of(PERSONAL, "index") | _of(Sensitivity.SENSITIVE, "value"),
    ),
    Dataset(
        models.Change, _("名录变更"), _of(INTERNAL, "id at user role table subject") | _of(PERSONAL, "before after")
    ),
]
"""None is thrown away by age: orders of all years refer to them."""
