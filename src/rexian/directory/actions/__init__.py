# SPDX-License-Identifier: Apache-2.0
"""The only writes of the directory."""

from rexian.directory.actions.citizens import identify_citizen, merge_citizens
from rexian.directory.actions.importing import Imported, export_table, import_table
from rexian.directory.actions.loading import load_city

__all__ = ["Imported", "export_table", "identify_citizen", "import_table", "load_city", "merge_citizens"]
