# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.lists import exports, views

app_name = "lists"
urlpatterns = [
    path("", views.index, name="index"),
    path("count/", views.count, name="count"),
    path("act/", views.act, name="act"),
    path("views/", views.save, name="save"),
    path("views/<int:pk>/drop/", views.drop, name="drop"),
    path("export/", exports.export, name="export"),
    path("exports/", exports.index, name="exports"),
    path("exports/<int:pk>/", exports.progress, name="progress"),
    path("exports/<int:pk>/file/", exports.download, name="download"),
]
