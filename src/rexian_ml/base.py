# SPDX-License-Identifier: Apache-2.0
"""What every estimator of the library keeps to, after scikit-learn's conventions; `tests/rexian_ml/test_contract.py` holds all of them to it."""

from dataclasses import dataclass, fields
from typing import Any, Self


class NotFittedError(ValueError):
    """The estimator has learned nothing yet."""


@dataclass
class Estimator:
    """A thing that learns. A subclass is a dataclass too: its parameters are its init fields, stored as given and never changed;
    `fit` learns and returns self; what was learned are fields with `init=False` whose names end in `_`.

    The same parameters and rows give the same model, whatever the order of the rows. A model is kept as bytes without pickled objects
    (`to_bytes`, `from_bytes`); asked before `fit`, it raises NotFittedError.
    """

    def parameters(self) -> dict[str, Any]:
        """The parameters by name, as they were given."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.init}

    def to_bytes(self) -> bytes:
        """The learned model as npz without pickles (`rexian_ml.storage.pack`)."""
        raise NotFittedError(f"{type(self).__name__} keeps nothing.")

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The model that `to_bytes` wrote; raises ValueError for anything else."""
        raise ValueError(f"{cls.__name__} keeps nothing.")
