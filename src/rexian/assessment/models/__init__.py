# SPDX-License-Identifier: Apache-2.0
from rexian.assessment.models.answer import Answer
from rexian.assessment.models.evidence import Evidence
from rexian.assessment.models.invitation import Invitation
from rexian.assessment.models.letter import Letter
from rexian.assessment.models.report import Report
from rexian.assessment.models.signoff import SignOff
from rexian.assessment.models.survey import Survey

__all__ = ["Answer", "Evidence", "Invitation", "Letter", "Report", "SignOff", "Survey"]
