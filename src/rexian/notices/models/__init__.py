# SPDX-License-Identifier: Apache-2.0
from rexian.notices.models.choice import Choice, Sound
from rexian.notices.models.notice import Notice, Read

__all__ = ["Choice", "Notice", "Read", "Sound"]
