# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.knowledge import editing, views

app_name = "knowledge"
urlpatterns = [
    path("", views.shelf, name="list"),
    path("new/", editing.edit, name="new"),
    path("keep/", editing.keep, name="keep_new"),
    path("preview/", editing.preview, name="preview"),
    path("<int:pk>/", views.article, name="article"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/keep/", editing.keep, name="keep"),
    path("<int:pk>/versions/", views.versions, name="versions"),
    path("<int:pk>/vote/", views.vote, name="vote"),
    path("<int:pk>/<slug:edge>/", views.act, name="act"),
    path("<slug:slug>/", views.shelf, name="queue"),
]
