# SPDX-License-Identifier: Apache-2.0
"""Rexian (热线): a city's government-service hotline."""

__version__ = "0.1.0"
