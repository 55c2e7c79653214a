# SPDX-License-Identifier: Apache-2.0
"""What an operator does to a running hotline: one module a matter."""
