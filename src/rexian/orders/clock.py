# SPDX-License-Identifier: Apache-2.0
"""The hotline's clock, which stands in the directory beside the calendar so that every part may read it."""

from rexian.directory.clock import at, day_of, midnight, now, of_database, start_of, today

__all__ = ["at", "day_of", "midnight", "now", "of_database", "start_of", "today"]
