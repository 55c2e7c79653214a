# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.new, name="new"),
    path("assist/", views.assist, name="assist"),
    path("citizen/", views.citizen, name="citizen"),
    path("draft/", views.draft, name="draft"),
    path("drafts/", views.drafts, name="drafts"),
]
