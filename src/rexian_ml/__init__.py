# SPDX-License-Identifier: Apache-2.0
"""What the hotline's machines know: text and arrays in, dataclasses out; no Django, no database."""
