# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.steward import views

app_name = "steward"
urlpatterns = [path("access/", views.review, name="review"), path("access/posts/", views.posts, name="posts")]
