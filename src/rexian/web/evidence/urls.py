# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.index, name="index"),
    path("measure/", views.measure, name="measure"),
    path("job/", views.job, name="job"),
    path("<int:pk>/", views.one, name="one"),
]
