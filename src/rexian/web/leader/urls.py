# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.leader import views

app_name = "leader"
urlpatterns = [
    path("", views.today, name="today"),
    path("wall/", views.wall, name="wall"),
    path("departments/", views.departments, name="departments"),
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/<int:pk>/", views.alarm, name="alarm"),
]
