# SPDX-License-Identifier: Apache-2.0
from rexian.warning.models.alarm import Alarm, Watched
from rexian.warning.models.hot import HotIssue

__all__ = ["Alarm", "HotIssue", "Watched"]
