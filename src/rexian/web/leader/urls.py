# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.leader import hot, views

app_name = "leader"
urlpatterns = [
    path("", views.today, name="today"),
    path("wall/", views.wall, name="wall"),
    path("departments/", views.departments, name="departments"),
    path("alarms/", views.alarms, name="alarms"),
    path("alarms/<int:pk>/", views.alarm, name="alarm"),
    path("hot/", hot.index, name="hot"),
    path("hot/<int:pk>/", hot.issue, name="hot_issue"),
    path("hot/<int:pk>/merge/", hot.merge, name="hot_merge"),
    path("hot/<int:pk>/refuse/", hot.refuse, name="hot_refuse"),
]
