# SPDX-License-Identifier: Apache-2.0
"""Which words of a text spoke for a label most, for a whole batch of texts at once."""

import numpy as np
from numpy.typing import NDArray

from rexian_ml.features import Reading, Vocabulary

MOST = 3


class Reasons:
    """The known words of texts, each once a text, ready to be weighed for any label."""

    def __init__(self, reading: Reading, vocabulary: Vocabulary) -> None:
        places = vocabulary.places[reading.word_buckets]
        long = np.fromiter(map(len, reading.words), np.int64, len(reading.words)) > 1
        usable = np.flatnonzero(long & (places >= 0) & (places < vocabulary.ends[0]))
        key = reading.word_rows[usable] * len(vocabulary) + places[usable]
        first = usable[np.unique(key, return_index=True)[1]]
        self.words = reading.words
        self.at = first.tolist()
        self.rows, self.places = reading.word_rows[first], places[first]
        self.starts = np.searchsorted(self.rows, np.arange(reading.count + 1)).tolist()
        self.idf = vocabulary.idf[self.places]

    def of(self, columns: NDArray[np.int64], weights: NDArray[np.float32]) -> list[list[tuple[str, ...]]]:
        """For each column (guesses, texts) of `weights` (features + 1, columns) the words that spoke most for it, in the text's order."""
        values = weights[self.places, columns[:, self.rows]] * self.idf
        texts = zip(self.starts, self.starts[1:], strict=False)
        told = [self._most(values[:, start:end], self.at[start:end]) for start, end in texts]
        return [list(one) for one in zip(*told, strict=True)]

    def _most(self, values: NDArray[np.float32], at: list[int]) -> list[tuple[str, ...]]:
        """Of one text's words, `at` in the reading, for each row of `values` the MOST that are greatest and above 0."""
        best = np.argsort(-values, axis=1, kind="stable")[:, :MOST].tolist()
        return [
            tuple(self.words[place] for place in sorted(at[word] for word in ranks if own[word] > 0))
            for ranks, own in zip(best, values.tolist(), strict=True)
        ]
