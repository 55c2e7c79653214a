# SPDX-License-Identifier: Apache-2.0
from rexian.security.models.access_record import AccessRecord
from rexian.security.models.second_factor import SecondFactor
from rexian.security.models.user import POST_LABELS, User

__all__ = ["POST_LABELS", "AccessRecord", "SecondFactor", "User"]
