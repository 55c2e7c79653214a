# SPDX-License-Identifier: Apache-2.0
from rexian.jobs.models.failure import Failure

__all__ = ["Failure"]
