# SPDX-License-Identifier: Apache-2.0
"""The category tree."""

from django.http import HttpRequest
from ninja import Router, Schema

from rexian.directory.models import Category

router = Router(tags=["categories"])


class CategoryOut(Schema):
    code: str
    name: str
    level: int
    parent: str | None


@router.get("", response=list[CategoryOut], summary="全部分类")
def list_categories(request: HttpRequest) -> list[CategoryOut]:
    rows = Category.objects.filter(active=True).values_list("code", "name", "level", "parent__code")
    return [CategoryOut(code=code, name=name, level=level, parent=parent) for code, name, level, parent in rows]
