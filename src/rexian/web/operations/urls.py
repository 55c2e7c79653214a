# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.operations import errors, probes, views

app_name = "operations"
urlpatterns = [
    path("readyz", probes.ready, name="ready"),
    path("metrics", probes.numbers, name="metrics"),
    path("too-large/", errors.too_large, name="too_large"),
    path("operations/jobs/", views.jobs, name="jobs"),
    path("operations/jobs/<int:pk>/again/", views.run_again, name="run_again"),
]
