# SPDX-License-Identifier: Apache-2.0
"""Pages by key, which stand in the directory so that every part may use them."""

from rexian.directory.paging import Page, page

__all__ = ["Page", "page"]
