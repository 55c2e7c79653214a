# SPDX-License-Identifier: Apache-2.0
"""Where each part of the hotline answers."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from rexian.security.access import public

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", public(set_language), name="language"),
    path("components/", include("rexian.web.components.urls")),
    path("account/", include("rexian.web.account.urls")),
    path("desk/", include("rexian.web.desk.urls")),
    path("learning/", include("rexian.web.learning.urls")),
    path("lists/", include("rexian.web.lists.urls")),
    path("steward/", include("rexian.web.steward.urls")),
    path("assessment/live/", include("rexian.web.evidence.urls")),
    path("today/", include("rexian.web.leader.urls")),
    path("assessment/", include("rexian.web.assessment.urls")),
    path("work/", include("rexian.web.work.urls")),
    path("notices/", include("rexian.web.notices.urls")),
    path("knowledge/", include("rexian.web.knowledge.urls")),
    path("admin/", include("rexian.web.admin.urls")),
    path("api/", include("rexian.api.urls")),
    path("", include("rexian.web.operations.urls")),
    path("", include("rexian.web.portal.urls")),
]
handler400 = "rexian.web.operations.errors.bad_request"
handler500 = "rexian.web.operations.errors.server_error"
