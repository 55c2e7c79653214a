# SPDX-License-Identifier: Apache-2.0
from rexian.warning.models.alarm import Alarm, Watched

__all__ = ["Alarm", "Watched"]
