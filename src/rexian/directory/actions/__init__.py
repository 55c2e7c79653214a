# SPDX-License-Identifier: Apache-2.0
"""The only writes of the directory."""

from rexian.directory.actions.catalogue import Duty, begin_line, end_line
from rexian.directory.actions.citizens import identify_citizen, merge_citizens
from rexian.directory.actions.exporting import export_table
from rexian.directory.actions.importing import import_table
from rexian.directory.actions.loading import load_city
from rexian.directory.actions.places import save_area, save_day, save_notice
from rexian.directory.actions.settings import save_city
from rexian.directory.actions.staff import save_staff
from rexian.directory.actions.trees import save_category, save_department

__all__ = [
    "Duty",
    "begin_line",
    "end_line",
    "export_table",
    "identify_citizen",
    "import_table",
    "load_city",
    "merge_citizens",
    "save_area",
    "save_category",
    "save_city",
    "save_day",
    "save_department",
    "save_notice",
    "save_staff",
]
