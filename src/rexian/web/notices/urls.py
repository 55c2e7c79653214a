# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.index, name="list"),
    path("now/", views.now, name="now"),
    path("read/", views.read_all, name="read_all"),
    path("choices/", views.choices, name="choices"),
    path("<int:pk>/read/", views.read, name="read"),
]
