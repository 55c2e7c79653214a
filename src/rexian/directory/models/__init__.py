# SPDX-License-Identifier: Apache-2.0
from rexian.directory.models.area import Area
from rexian.directory.models.calendar_day import CalendarDay
from rexian.directory.models.catalogue_line import CatalogueLine
from rexian.directory.models.category import Category, Kind, LimitUnit
from rexian.directory.models.change import Change
from rexian.directory.models.citizen import Citizen, Identity
from rexian.directory.models.city import City
from rexian.directory.models.department import Department
from rexian.directory.models.staff import Staff

__all__ = [
    "Area",
    "CalendarDay",
    "CatalogueLine",
    "Category",
    "Change",
    "Citizen",
    "City",
    "Department",
    "Identity",
    "Kind",
    "LimitUnit",
    "Staff",
]
