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
        self.reading = reading
        self.at = first
        self.rows, self.places = reading.word_rows[first], places[first]
        self.starts = np.flatnonzero(np.diff(self.rows, prepend=-1))
        self.segment = np.cumsum(np.diff(self.rows, prepend=-1) != 0) - 1
        self.idf = vocabulary.idf[self.places]

    def of(self, columns: NDArray[np.int64], weights: NDArray[np.float32]) -> list[list[tuple[str, ...]]]:
        """For each column (guesses, texts) of `weights` (features + 1, columns) the words that spoke most for it, in the text's order."""
        guesses, count = columns.shape
        values = weights[self.places, columns[:, self.rows]] * self.idf
        found = np.concatenate([self._best(values) for _ in range(MOST)])
        told: list[list[list[int]]] = [[[] for _ in range(count)] for _ in range(guesses)]
        for guess, place in np.stack(np.divmod(found, max(len(self.at), 1)), axis=1).tolist():
            told[guess][self.rows[place]].append(int(self.at[place]))
        words = self.reading.words
        return [[tuple(words[at] for at in sorted(places)) for places in one] for one in told]

    def _best(self, values: NDArray[np.float32]) -> NDArray[np.int64]:
        """The entry (in the flattened values) of each guess and text with the greatest value above 0; takes it out of `values`."""
        if not values.size:
            return np.zeros(0, np.int64)
        greatest = np.maximum.reduceat(values, self.starts, axis=1)
        hits: NDArray[np.int64] = np.flatnonzero((values == greatest[:, self.segment]) & (values > 0))
        texts = hits // len(self.at) * len(self.at) + self.segment[hits % len(self.at)]  # one number a guess and text
        hits = hits[np.diff(texts, prepend=-1) != 0]
        values.flat[hits] = 0
        return hits
