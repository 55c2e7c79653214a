# SPDX-License-Identifier: Apache-2.0
"""The 29 indicators: index, questionnaire, scores, comparison of cities, published baseline, advice, report. No Django, no database."""
