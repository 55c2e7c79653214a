# SPDX-License-Identifier: Apache-2.0
"""Where each part of the hotline answers."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
