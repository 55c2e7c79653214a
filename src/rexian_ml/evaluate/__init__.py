# SPDX-License-Identifier: Apache-2.0
"""The figures of the library, each with its interval, as one report: `rexian-ml evaluate FOLDER`."""
