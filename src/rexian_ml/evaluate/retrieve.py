# SPDX-License-Identifier: Apache-2.0
"""How well passages are found for questions: policy questions with their answers and source documents."""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

from rexian_ml.evaluate.bootstrap import mean_interval
from rexian_ml.evaluate.corpus import Corpus
from rexian_ml.evaluate.section import Figure, Section
from rexian_ml.evaluate.tables import calibration_error, milliseconds, read_rows, reliability
from rexian_ml.retrieve import K1, Asked, B, Passage, Retriever
from rexian_ml.text import content_words, normalise

FILE = "policy_qa.csv.gz"
PASSAGES, ASKED = 100_000, 300
DIMENSIONS = 256
DEEP = 100
METHOD = (
    "The documents themselves are not in the file, only questions, answers and the document's id, so there are two tasks. `document`: every question "
    "with its answer is an entry of a knowledge base (title and text); a question is asked whose own entry is taken out, and an entry of the same "
    "document is right: only questions of documents with two or more. `answer`: the passages are the distinct answers alone, without their questions, "
    "and the question's own is right; answers of a few characters that repeat nothing of the question cannot be found by any words. Questions that "
    "contain their answer are left out. Parameters were chosen on documents whose id has an even hash; all figures are of the others, with all "
    "passages of both. BM25 alone is over content words, one field. `latent` adds the cosine of 256 dimensions of TF-IDF (TruncatedSVD) to it by "
    "reciprocal rank fusion (Cormack et al. 2009). `not known`: confidence learned on the even half; every question is asked twice, the second time with all "
    f"of its document taken out. Speed: {PASSAGES:,} made-up passages of about 80 words, CPU time on one core."
)


@dataclass(frozen=True, slots=True)
class Task:
    """Passages, and questions of the measured half: each with the places of its right passages and that of its own entry (-1: none)."""

    passages: list[Passage]
    questions: list[str]
    right: list[frozenset[int]]
    own: list[int]


Ranker = Callable[[int], Sequence[int]]


def _measured(row: dict[str, str]) -> bool:
    return hashlib.sha256(row["docid"].encode()).digest()[0] % 2 == 1


def _usable(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Without questions that contain their answer."""

    def plain(text: str) -> str:
        return normalise(text).replace(" ", "")

    return [row for row in rows if plain(row["answer"]) not in plain(row["question"])]


def document_task(rows: list[dict[str, str]]) -> Task:
    passages = [Passage(f"{at:05d}", row["answer"], row["question"], row["docid"]) for at, row in enumerate(rows)]
    of: dict[str, set[int]] = {}
    for at, row in enumerate(rows):
        of.setdefault(row["docid"], set()).add(at)
    asked = [at for at, row in enumerate(rows) if _measured(row) and len(of[row["docid"]]) > 1]
    right = [frozenset(of[rows[at]["docid"]] - {at}) for at in asked]
    return Task(passages, [rows[at]["question"] for at in asked], right, asked)


def answer_task(rows: list[dict[str, str]]) -> Task:
    distinct = sorted({row["answer"] for row in rows})
    place = {answer: at for at, answer in enumerate(distinct)}
    asked = [row for row in rows if _measured(row)]
    passages = [Passage(f"{at:05d}", answer) for at, answer in enumerate(distinct)]
    right = [frozenset({place[row["answer"]]}) for row in asked]
    return Task(passages, [row["question"] for row in asked], right, [-1] * len(asked))


def ranks(task: Task, ranker: Ranker) -> NDArray[np.float64]:
    """The rank of the first right passage for each question, infinity where none is among the first DEEP."""
    found = np.full(len(task.questions), np.inf)
    for at, right in enumerate(task.right):
        ranked = [place for place in ranker(at) if place != task.own[at]]
        found[at] = next((rank for rank, place in enumerate(ranked, 1) if place in right), np.inf)
    return found


def ours(task: Task) -> Ranker:
    model = Retriever().fit(task.passages)
    return lambda at: [int(one.key) for one in model.query(task.questions[at], DEEP).found]


def _word_counts(texts: Sequence[str], vectorizer: CountVectorizer | None = None) -> tuple[csr_matrix, CountVectorizer]:
    if vectorizer is None:
        vectorizer = CountVectorizer(analyzer=content_words).fit(texts)
    return vectorizer.transform(texts), vectorizer


def _text(passage: Passage) -> str:
    return f"{passage.title} {passage.text}".strip()


def plain_bm25(task: Task) -> NDArray[np.float64]:
    """Scores (questions, passages) of BM25 over content words, one field."""
    table, vectorizer = _word_counts([_text(one) for one in task.passages])
    asked, _ = _word_counts(task.questions, vectorizer)
    table = table.astype(np.float64)
    lengths = np.asarray(table.sum(axis=1)).ravel()
    seen = np.bincount(table.indices, minlength=table.shape[1])
    idf = np.log1p((table.shape[0] - seen + 0.5) / (seen + 0.5))
    norm = np.repeat(1 - B + B * lengths / lengths.mean(), np.diff(table.indptr))
    table.data = idf[table.indices] * table.data * (K1 + 1) / (table.data + K1 * norm)
    return np.asarray(((asked > 0) @ table.T).toarray(), np.float64)


def latent(task: Task) -> NDArray[np.float64]:
    """Cosines (questions, passages) of truncated SVD over TF-IDF (Deerwester et al. 1990)."""
    table, vectorizer = _word_counts([_text(one) for one in task.passages])
    weigh = TfidfTransformer(sublinear_tf=True).fit(table)
    model = TruncatedSVD(DIMENSIONS, random_state=0).fit(weigh.transform(table))
    asked = model.transform(weigh.transform(vectorizer.transform(task.questions)))
    held = model.transform(weigh.transform(table))
    return np.asarray(normalize(asked) @ normalize(held).T, np.float64)


def _order(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.argsort(-scores, axis=1, kind="stable")


def fused(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Reciprocal rank fusion with the usual constant of 60."""
    return np.asarray(
        1 / (60 + np.argsort(_order(one), axis=1)) + 1 / (60 + np.argsort(_order(other), axis=1)), np.float64
    )


def _figures(name: str, found: NDArray[np.float64]) -> list[Figure]:
    parts = {"recall@1": (found <= 1) * 1.0, "recall@5": (found <= 5) * 1.0, "MRR": 1 / found}
    return [
        Figure(f"{name}: {what}", float(values.mean()), *mean_interval(values), len(values))
        for what, values in parts.items()
    ]


def _compare(name: str, task: Task) -> list[Figure]:
    """Ours, BM25 alone, and BM25 with latent vectors, and the gain in MRR over BM25 alone, question by question."""
    scores = plain_bm25(task)
    order, mixed = _order(scores), _order(fused(scores, latent(task)))
    mine, alone = ranks(task, ours(task)), ranks(task, lambda at: order[at, :DEEP].tolist())
    both = ranks(task, lambda at: mixed[at, :DEEP].tolist())
    gain = 1 / mine - 1 / alone
    return [
        *_figures(f"{name}, ours", mine),
        *_figures(f"{name}, BM25 alone", alone),
        *_figures(f"{name}, BM25 with latent vectors", both),
        Figure(f"{name}: MRR, ours less BM25 alone", float(gain.mean()), *mean_interval(gain), len(gain), aim="> 0"),
    ]


def _known(rows: list[dict[str, str]], task: Task) -> tuple[list[Figure], dict[str, object]]:
    """Confidence learned on the even half, measured on the other: every question with and without its document."""
    sizes = Counter(row["docid"] for row in rows)
    learned = [
        Asked(row["question"], row["docid"], frozenset({f"{at:05d}"}))
        for at, row in enumerate(rows)
        if not _measured(row) and sizes[row["docid"]] > 1
    ]
    model = Retriever().fit(task.passages, learned)
    sure, right, known = [], [], []
    for at, question in enumerate(task.questions):
        own = f"{task.own[at]:05d}"
        for left in ({own}, {own} | {f"{place:05d}" for place in task.right[at]}):
            answer = model.query(question, without=left)
            sure.append(answer.confidence)
            known.append(answer.known)
            right.append(bool(answer.found) and int(answer.found[0].key) in task.right[at])
    said, came, held = np.array(sure), np.array(right), np.array(known)
    figures = [
        Figure("known: expected calibration error", calibration_error(said, came), n=len(said)),
        Figure(
            "known: right among those said to be known",
            float(came[held].mean()),
            *mean_interval(came[held]),
            int(held.sum()),
        ),
        Figure(
            "known: said to be known where it is not there",
            float(held[1::2].mean()),
            *mean_interval(held[1::2]),
            len(held) // 2,
        ),
        Figure(
            "known: said to be known where first is right",
            float(held[came].mean()),
            *mean_interval(held[came]),
            int(came.sum()),
        ),
    ]
    return figures, reliability(said, came, "Confidence that the first passage answers")


def _speed() -> list[Figure]:
    corpus = Corpus(seed=2)
    model = Retriever().fit(Passage(f"{at:06d}", text) for at, text in enumerate(corpus.texts(PASSAGES, length=80)))
    questions = list(corpus.texts(ASKED, length=10, seed=1))
    spent = milliseconds([partial(model.query, question) for question in questions])
    return [
        Figure("query, median", float(np.median(spent)), n=ASKED, unit="ms", aim="≤ 5"),
        Figure("query, 99th percentile", float(np.quantile(spent, 0.99)), n=ASKED, unit="ms", aim="≤ 5"),
    ]


def measure(data: Path) -> Section | None:
    """None where the file is not there."""
    rows = _usable(read_rows(data / FILE))
    if not rows:
        return None
    documents = document_task(rows)
    known, chart = _known(rows, documents)
    figures = (*_compare("document", documents), *_compare("answer", answer_task(rows)), *known, *_speed())
    return Section("retrieve", "passages for a question", FILE, METHOD, figures, {"calibration": chart})
