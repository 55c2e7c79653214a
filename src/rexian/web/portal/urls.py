# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.submit, name="submit"),
    path("done/", views.done, name="done"),
    path("draft/", views.draft, name="draft"),
    path("areas.json", views.areas, name="areas"),
    path("nearby/", views.nearby, name="nearby"),
    path("find/", views.find, name="find"),
    path("size/", views.size, name="size"),
    path("published/", views.published, name="published"),
    path("track/", views.track, name="track"),
    path("track/<slug:edge>/", views.act, name="act"),
    path("healthz", views.health, name="health"),
]
