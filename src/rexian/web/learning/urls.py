# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.learning import views

app_name = "learning"
urlpatterns = [
    path("", views.accuracy, name="accuracy"),
    path("weeks.csv", views.weeks_file, name="weeks_file"),
    path("corrections.csv", views.corrections_file, name="corrections_file"),
]
