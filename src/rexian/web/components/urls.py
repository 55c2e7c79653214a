# SPDX-License-Identifier: Apache-2.0
from django.urls import path

from rexian.web.components import views

app_name = "components"
urlpatterns = [path("", views.gallery, name="gallery")]
