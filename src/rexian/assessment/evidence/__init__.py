# SPDX-License-Identifier: Apache-2.0
"""The 29 indicators measured on the platform's own tables: facts (gathering) → evidence (pure) → measurements kept, plan, report, page."""
