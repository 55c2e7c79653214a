# SPDX-License-Identifier: Apache-2.0
from rexian.assessment.evidence.models.measurement import Measurement
from rexian.assessment.evidence.models.milestone import Milestone

__all__ = ["Measurement", "Milestone"]
