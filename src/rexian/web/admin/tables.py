# SPDX-License-Identifier: Apache-2.0
"""Departments, categories and areas: lists, forms, histories; and every table of the directory in and out as CSV."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rexian.directory import actions
from rexian.directory.actions.recording import Outcome
from rexian.directory.importing import BadFile
from rexian.directory.models import Area, Category, Department
from rexian.directory.paging import page
from rexian.directory.tables import TABLES
from rexian.security.access import StaffRequest
from rexian.security.errors import Refusal
from rexian.security.identity import By
from rexian.security.posts import Post
from rexian.web.admin import changes
from rexian.web.admin.forms import AdminForm, AreaForm, CategoryForm, DepartmentForm, UploadForm
from rexian.web.admin.guards import done, found, keeper

SIZE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of the directory as pages show it: `about` is what stands beside a row's name, `searched` the fields that a search looks in."""

    title: str | Promise
    model: type[Any]
    form: type[AdminForm]
    save: Callable[[By, Any, dict[str, Any]], Outcome]
    about: Callable[[Any], list[str]]
    searched: tuple[str, ...]
    joined: tuple[str, ...] = ("parent",)


def _about_department(row: Department) -> list[str]:
    place = [row.parent.name] if row.parent else []
    return [*place, _("内设机构") if row.internal else "", row.area.name if row.area else "", row.telephone]


def _about_category(row: Category) -> list[str]:
    limit = f"{row.limit} {row.get_limit_unit_display()}" if row.limit else ""
    return [row.full_name, row.get_default_kind_display(), limit]


def _about_area(row: Area) -> list[str]:
    return [row.parent.name if row.parent else "", _("%(n)s 级") % {"n": row.level}]


SHOWN = {
    "departments": Shown(
        gettext_lazy("部门"),
        Department,
        DepartmentForm,
        lambda by, row, values: actions.save_department(by=by, department=row, values=values),
        _about_department,
        ("name", "short", "code"),
        ("parent", "area"),
    ),
    "categories": Shown(
        gettext_lazy("分类"),
        Category,
        CategoryForm,
        lambda by, row, values: actions.save_category(by=by, category=row, values=values),
        _about_category,
        ("full_name", "code"),
    ),
    "areas": Shown(
        gettext_lazy("区域"),
        Area,
        AreaForm,
        lambda by, row, values: actions.save_area(by=by, area=row, values=values),
        _about_area,
        ("name", "code"),
    ),
}
FILES = tuple(name for name in TABLES if name != "citizens")
"""The tables that go in and out here; citizens only at a shell, with an account and a reason."""


def _shown(slug: str) -> Shown:
    if slug not in SHOWN:
        raise Http404
    return SHOWN[slug]


@keeper
def index(request: StaffRequest, slug: str) -> HttpResponse:
    """The rows of a table in the order of their codes, searched, a page at a time."""
    table, words = _shown(slug), request.GET.get("q", "").strip()
    rows: QuerySet[Any] = table.model.objects.select_related(*table.joined)
    wanted = Q()
    for name in table.searched if words else ():
        wanted |= Q(**{f"{name}__icontains": words})
    shown = page(rows.filter(wanted), "code", after=request.GET.get("after", ""), size=SIZE)
    told = [(row, " · ".join(filter(None, table.about(row)))) for row in shown.rows]
    context = {"table": table, "slug": slug, "page": shown, "rows": told, "q": words, "upload": UploadForm()}
    return render(request, "admin/table.html", context)


@keeper
def new(request: StaffRequest, slug: str) -> HttpResponse:
    """A new row."""
    table = _shown(slug)
    form = table.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = table.model(code=data.pop("code"))
        if table.model.objects.filter(code=row.code).exists():
            form.add_error("code", _("代码 %(code)s 已有。") % {"code": row.code})
        elif done(form, lambda: table.save(request.by, row, data)):
            messages.success(request, _("已添加“%(name)s”。") % {"name": row})
            return redirect("admin:row", slug=slug, pk=row.pk)
    return render(
        request, "admin/form.html", {"form": form, "title": _("添加%(what)s") % {"what": table.title}, "slug": slug}
    )


@keeper
def row(request: StaffRequest, slug: str, pk: int) -> HttpResponse:
    """One row, with its history."""
    table = _shown(slug)
    one = found(table.model, pk, *table.joined)
    form = table.form(request.POST or None, row=one, initial=_begin(table, one))
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, lambda: table.save(request.by, found(table.model, pk), form.cleaned_data))
    ):
        messages.success(request, _("已保存。"))
        return redirect("admin:row", slug=slug, pk=pk)
    told = changes.of(str(table.model._meta.model_name), subject=one.code)
    return render(request, "admin/row.html", {"table": table, "slug": slug, "one": one, "form": form, "changes": told})


def _begin(table: Shown, one: Any) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in table.form.base_fields if name != "code"}
    return {name: "、".join(value) if isinstance(value, list) else value for name, value in values.items()}


def _file(request: StaffRequest, slug: str) -> None:
    """Raises 404 for what is no table here, and refuses accounts to all but the administrator."""
    if slug not in FILES:
        raise Http404
    if slug == "staff" and request.by.role is not Post.ADMINISTRATOR:
        raise PermissionDenied(_("人员和账号由管理员维护。"))


@keeper
def take(request: StaffRequest, slug: str) -> HttpResponse:
    """A table from a file: all of it, or, with each fault told at its line, nothing."""
    _file(request, slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "table": TABLES[slug], "slug": slug}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            report = actions.import_table(by=request.by, name=slug, file=data["file"].file, complete=data["complete"])
        except BadFile as error:
            context["bad"] = error
        except Refusal as error:
            form.add_error(None, error.message)
        else:
            context["report"] = report
    return render(request, "admin/import.html", context)


@keeper
def give(request: StaffRequest, slug: str) -> StreamingHttpResponse:
    """A table as CSV that can be imported again."""
    _file(request, slug)
    response = StreamingHttpResponse(
        actions.export_table(by=request.by, name=slug), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return response
