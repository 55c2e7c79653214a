# SPDX-License-Identifier: Apache-2.0
from rexian.intake.models.client import ApiClient
from rexian.intake.models.draft import Draft
from rexian.intake.models.judged import Judged
from rexian.intake.models.learned import LearnedModel, ModelSwitch
from rexian.intake.models.receipt import Receipt
from rexian.intake.models.tally import Tally

__all__ = ["ApiClient", "Draft", "Judged", "LearnedModel", "ModelSwitch", "Receipt", "Tally"]
