# SPDX-License-Identifier: Apache-2.0
"""The hotline's clock, which stands in the directory beside the calendar so that every part may read it."""

from rexian.directory.clock import at, midnight, now, today

__all__ = ["at", "midnight", "now", "today"]
