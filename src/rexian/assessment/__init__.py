# SPDX-License-Identifier: Apache-2.0
"""The 29 indicators: index, questionnaire, scores, comparison of cities, baseline, advice, report (no Django, no database); and surveys of cities."""
