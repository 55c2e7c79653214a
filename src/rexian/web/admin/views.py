# SPDX-License-Identifier: Apache-2.0
"""Where the administrator's pages begin: what needs looking after, and what was changed last."""

from django.http import HttpResponse
from django.shortcuts import render

from rexian.directory import clock
from rexian.directory.models import Area, CatalogueLine, Category, Department
from rexian.directory.queries import city, working_calendar
from rexian.intake.models import LearnedModel
from rexian.orders import limits
from rexian.orders.models import TextTemplate
from rexian.security.access import StaffRequest
from rexian.security.models import User
from rexian.security.posts import Post
from rexian.web.admin import changes
from rexian.web.admin.guards import keeper

NOVEMBER = 11
"""When the notice of the next year comes."""


@keeper
def index(request: StaffRequest) -> HttpResponse:
    """Numbers of what is kept here; the years whose notice is missing; the newest changes."""
    today = clock.today()
    years = [today.year, today.year + 1] if today.month >= NOVEMBER else [today.year]
    tables = set(changes.MODELS)
    context = {
        "staff": User.objects.filter(is_active=True).count() if request.by.role is Post.ADMINISTRATOR else None,
        "departments": Department.objects.filter(active=True).count(),
        "categories": Category.objects.filter(active=True).count(),
        "areas": Area.objects.filter(active=True).count(),
        "lines": CatalogueLine.objects.filter(until=None).count(),
        "texts": TextTemplate.objects.filter(active=True).count(),
        "pack": limits.pack_of(),
        "above": city().dispatch_above,
        "model": LearnedModel.objects.filter(live=True).defer("content").order_by("sort").first(),
        "unknown": [year for year in years if not working_calendar().known(year)],
        "changes": changes.of(*(tables if request.by.role is Post.ADMINISTRATOR else tables - {"user", "staff"})),
    }
    return render(request, "admin/index.html", context)
