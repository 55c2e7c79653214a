# SPDX-License-Identifier: Apache-2.0
"""From a request's text to its category, kind and urgency, each with a confidence and a reason that a dispatcher understands."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from rexian_ml import danger, linear
from rexian_ml.base import Estimator, NotFittedError
from rexian_ml.features import BITS, Reading, Vocabulary
from rexian_ml.linear import Labeling
from rexian_ml.memory import Memory
from rexian_ml.reasons import Reasons
from rexian_ml.storage import pack, unpack

KIND_CUES = {
    "consult": "咨询 请问 怎么办理 如何办理 需要什么材料 什么条件 政策 能否 是否可以 办理流程 电话多少 什么时候",
    "help": "求助 帮助 解决 尽快 处理 修复 恢复 维修 协调 困难 停水 停电 损坏",
    "complaint": "投诉 不满 态度 敷衍 推诿 拖延 乱收费 不作为 退款 服务差",
    "report": "举报 违法 违规 违建 偷排 无证 占道 贿赂 黑作坊 私自",
    "suggestion": "建议 改进 增设 优化 能不能增加 应该 提议",
    "praise": "表扬 感谢 点赞 谢谢 辛苦 热心 负责",
}
URGENCY_CUES = {
    "urgent": "停水 停电 停气 停暖 立即 紧急 马上 急需 积水 漏水 断电 老人 孕妇 婴儿 病人",
    "normal": "咨询 建议 希望 反映 表扬 政策 改进",
}
FEWEST, MOST_TERMS = 3, 30_000
FOLDS, FEW, FEWEST_HELD = 5, 3000, 300
"""For the temperature one part in five is held back; of less than FEW orders each part in turn, and of less than FEWEST_HELD none."""
MISSED = -2.0
"""The score of a label that a part's model has not seen: surely not."""
BATCH = 1000
"""Texts read at once: enough for array operations to pay, few enough to stay in the processor's cache."""
CUE_WEIGHT = 3.0
ASPECTS = ("category", "kind", "urgency")
OTHERS = 3
UNSURE = 0.5
"""Below this a leaf gives way to the branch above it, if that is surer."""


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    """A leaf category as the library needs it: `path` are the codes from the top down, the own one last."""

    code: str
    name: str
    path: tuple[str, ...]
    keywords: tuple[str, ...] = ()
    default_kind: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One label with its confidence (0 to 1) and the words of the text that spoke for it most, in the text's order."""

    label: str
    confidence: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the classifier makes of one text; `others` are the next best categories."""

    category: Guess
    kind: Guess
    urgency: Guess
    danger: danger.Danger | None
    others: tuple[Guess, ...] = ()


@dataclass(slots=True)
class Example:
    """A request whose labels are known; `weight` above 1 for corrections made by people."""

    text: str
    category: str
    kind: str
    urgency: str = "normal"
    weight: float = 1.0


@dataclass
class Classifier(Estimator):
    """Category, kind and urgency by one linear model over words and character pairs.

    Every category's name and keywords are examples too, so that a new city's tree works before any order is closed, and a
    rare category is not forgotten. Danger to life is found by rules first. Corrections are learned at once (`correct`), without
    starting over.
    """

    categories: Sequence[CategoryInfo] = ()
    seed: int = 0
    vocabulary_: Vocabulary = field(default_factory=Vocabulary, init=False, repr=False)
    labelings_: list[Labeling] = field(default_factory=list, init=False, repr=False)
    weights_: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32), init=False, repr=False)
    paths_: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)
    memory_: Memory = field(default_factory=Memory.empty, init=False, repr=False)
    id_: str = field(default="", init=False)

    def fit(self, examples: Sequence[Example]) -> Self:
        """Learns from closed orders and from the categories' keywords; none at all is enough for a beginning."""
        ordered = sorted(examples, key=lambda one: (one.text, one.category, one.kind, one.urgency, one.weight))
        taught = [*ordered, *self._cues()]
        reading = Reading.of([one.text for one in taught])
        fewest = FEWEST if len(ordered) > 1000 else 1
        self.vocabulary_ = Vocabulary.learn(reading, fewest=fewest, most=MOST_TERMS)
        self.paths_ = {info.code: info.path for info in self.categories}
        rows = self.vocabulary_.matrix(reading)
        self.labelings_ = []
        tables: list[NDArray[np.float32]] = []
        for aspect in ASPECTS:
            start = sum(table.shape[1] for table in tables)
            labeling, table = self._fit_one(rows, taught, [getattr(one, aspect) for one in taught], len(ordered), start)
            self.labelings_.append(labeling)
            tables.append(table)
        # rounded now, so that the model says the same after it was kept
        self.weights_ = np.ascontiguousarray(np.hstack(tables)).astype(np.float16).astype(np.float32)
        self.memory_ = Memory.empty()
        return self._name()

    def _cues(self) -> list[Example]:
        """The categories' own words, and those by which people tell kinds and urgencies."""
        named = [
            Example(" ".join((info.name, *info.keywords) * 2), info.code, info.default_kind, "", CUE_WEIGHT)
            for info in sorted(self.categories, key=lambda info: info.code)
        ]
        kinds = [Example(words, "", kind, "", CUE_WEIGHT) for kind, words in KIND_CUES.items()]
        urgencies = [Example(words, "", "", urgency, CUE_WEIGHT) for urgency, words in URGENCY_CUES.items()]
        return [*named, *kinds, *urgencies]

    def _fit_one(
        self, rows: csr_matrix, taught: Sequence[Example], labels: list[str], orders: int, start: int
    ) -> tuple[Labeling, NDArray[np.float32]]:
        """The final model of one aspect on all rows that tell it; its temperature from models that did not see the rows held back.

        The first `orders` rows are orders, the rest are cues; only orders are held back.
        """
        weights = np.array([one.weight for one in taught])
        told = np.array([place for place, label in enumerate(labels) if label], np.int64)
        if not len(told):
            return Labeling([""], 1.0, start), np.zeros((rows.shape[1] + 1, 1), np.float32)

        def train(places: NDArray[np.int64]) -> tuple[list[str], NDArray[np.float32]]:
            return linear.train(rows[places], [labels[place] for place in places], weights[places], seed=self.seed)

        names, table = train(told)
        seen = np.random.default_rng(self.seed).permutation(told[told < orders])
        if len(seen) < FEWEST_HELD:
            return Labeling(names, 0.25, start), table
        parts = np.array_split(seen, FOLDS)[: FOLDS if len(seen) < FEW else 1]
        held = [(part, *train(np.setdiff1d(told, part))) for part in parts]
        return Labeling(names, _temperature(rows, labels, names, held), start), table

    def correct(self, examples: Sequence[Example]) -> Self:
        """Learns from corrections without starting over, in about the time of a prediction each; `weight` does not count here.

        Texts like a corrected one change at once or after a few corrections alike, all others stay (`rexian_ml.memory`); the next `fit`
        takes the corrections in for good. Raises ValueError for a label that the model was not fitted with.
        """
        self._check_fitted()
        for example in examples:
            reading = Reading.of([example.text])
            row = self.vocabulary_.wide(reading)
            for aspect, labeling in zip(ASPECTS, self.labelings_, strict=True):
                label = getattr(example, aspect)
                if not label:
                    continue
                if label not in labeling.labels:
                    raise ValueError(f"Classifier: {label!r} is a new {aspect}: fit anew.")
                right = labeling.start + labeling.labels.index(label)
                self.memory_.learn(row, self._scores(reading)[0], labeling.columns, right)
        return self._name()

    def predict(self, text: str) -> Proposal:
        """What the text is about; raises NotFittedError."""
        return self.predict_many([text])[0]

    def predict_many(self, texts: Sequence[str]) -> list[Proposal]:
        """What each text is about, many times faster a text than one by one; raises NotFittedError."""
        self._check_fitted()
        starts = range(0, len(texts), BATCH)
        return [proposal for start in starts for proposal in self._predict_batch(texts[start : start + BATCH])]

    def _check_fitted(self) -> None:
        if not self.labelings_:
            raise NotFittedError("Classifier: call fit first.")

    def _scores(self, reading: Reading) -> NDArray[np.float32]:
        told = self.vocabulary_.scores(reading, self.weights_[:-1])
        # a text without a known term speaks for every label alike
        scores = np.where(told.any(axis=1, keepdims=True), told + self.weights_[-1], np.float32(0))
        if len(self.memory_):
            scores += self.memory_.scores(self.vocabulary_.wide(reading), scores.shape[1])
        return scores

    def _predict_batch(self, texts: Sequence[str]) -> Iterator[Proposal]:
        reading = Reading.of(texts)
        scores = self._scores(reading)
        reasons = Reasons(reading, self.vocabulary_)
        chances, (categories, kinds, urgencies) = _guesses(self.labelings_, scores, self.weights_, reasons)
        below = cache(self._below)
        for place, text in enumerate(texts):
            found = danger.find(text)
            urgency = urgencies[0][place] if found is None else Guess("danger", 1.0, (found.word,))
            ranked = [guesses[place] for guesses in categories]
            category, others = self._back_off(ranked, chances[place], below)
            yield Proposal(category, kinds[0][place], urgency, found, others)

    def _below(self, branch: str) -> list[int]:
        """The places of the leaves below a branch."""
        return [place for place, leaf in enumerate(self.labelings_[0].labels) if branch in self.paths_.get(leaf, ())]

    def _back_off(
        self, ranked: Sequence[Guess], chances: NDArray[np.float64], below: Callable[[str], list[int]]
    ) -> tuple[Guess, tuple[Guess, ...]]:
        """The best leaf, or the branch above when the leaf is unsure and the branch is not; with the next best leaves."""
        leaf, others = ranked[0], tuple(ranked[1:])
        if leaf.confidence >= UNSURE or len(path := self.paths_.get(leaf.label, ())) < 2:
            return leaf, others
        branch = path[-2]
        sure = sum(chances[below(branch)].tolist())
        return (Guess(branch, float(sure), leaf.words), (leaf, *others)) if sure >= UNSURE else (leaf, others)

    def _name(self) -> Self:
        """Gives exactly this learned model its name."""
        digest = hashlib.sha256(self.weights_.astype(np.float16).tobytes())
        digest.update(self.memory_.rows.data.tobytes() + self.memory_.lifts.tobytes())
        self.id_ = digest.hexdigest()[:12]
        return self

    def to_bytes(self) -> bytes:
        """Parameters and learned model as npz without pickles (`rexian_ml.storage`); raises NotFittedError."""
        self._check_fitted()
        head = {
            "what": "classifier",
            "seed": self.seed,
            "categories": [asdict(info) for info in self.categories],
            "labelings": [asdict(one) for one in self.labelings_],
            "paths": self.paths_,
        }
        memory, words = self.memory_, self.vocabulary_
        return pack(
            head,
            buckets=words.buckets,
            idf=words.idf,
            ends=words.ends,
            weights=self.weights_.astype(np.float16),
            right=memory.right,
            wrong=memory.wrong,
            lifts=memory.lifts,
            data=memory.rows.data,
            indices=memory.rows.indices,
            indptr=memory.rows.indptr,
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """The model that `to_bytes` wrote; raises ValueError for anything else."""
        head, held = unpack(content, "classifier")
        infos = [
            CategoryInfo(**{**one, "path": tuple(one["path"]), "keywords": tuple(one["keywords"])})
            for one in head["categories"]
        ]
        model = cls(infos, head["seed"])
        model.vocabulary_ = Vocabulary(held["buckets"], held["idf"], held["ends"])
        model.weights_ = held["weights"].astype(np.float32)
        model.labelings_ = [Labeling(**one) for one in head["labelings"]]
        model.paths_ = {code: tuple(path) for code, path in head["paths"].items()}
        rows = csr_matrix((held["data"], held["indices"], held["indptr"]), shape=(len(held["lifts"]), 1 << BITS))
        model.memory_ = Memory(rows, held["right"], held["wrong"], held["lifts"])
        return model._name()


def _temperature(
    rows: csr_matrix,
    labels: list[str],
    names: list[str],
    held: Sequence[tuple[NDArray[np.int64], list[str], NDArray[np.float32]]],
) -> float:
    """The temperature over all rows held back, each part scored by the model (its labels, its table) that had not seen it."""
    place = {label: at for at, label in enumerate(names)}
    all_scores = []
    for part, known, table in held:
        scores = np.full((len(part), len(names)), MISSED, np.float32)
        scores[:, [place[label] for label in known]] = rows[part] @ table[:-1] + table[-1]
        all_scores.append(scores)
    truth = [place[labels[row]] for part, *_ in held for row in part]
    return linear.temperature(np.vstack(all_scores), np.array(truth))


def _guesses(
    labelings: Sequence[Labeling], scores: NDArray[np.float32], weights: NDArray[np.float32], reasons: Reasons
) -> tuple[NDArray[np.float64], list[list[list[Guess]]]]:
    """The chances of the first labeling; and by labeling, rank and text the guess: of the first the best four, of the others the best."""
    all_chances = [labeling.probabilities(scores) for labeling in labelings]
    ranks = [_best(chances, 1 + OTHERS * (place == 0)) for place, chances in enumerate(all_chances)]
    columns = np.vstack([labeling.start + own for labeling, own in zip(labelings, ranks, strict=True)])
    words = iter(reasons.of(columns, weights))
    found = [
        [_ranked(labeling, chances, best, next(words)) for best in own]
        for labeling, chances, own in zip(labelings, all_chances, ranks, strict=True)
    ]
    return all_chances[0], found


def _best(chances: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The places (rank, text) of each text's `count` greatest chances, the greatest first."""
    found: NDArray[np.int64]
    found = np.argsort(-chances, axis=1, kind="stable")[:, :count].T if count > 1 else chances.argmax(axis=1)[None]
    return found


def _ranked(
    labeling: Labeling, chances: NDArray[np.float64], best: NDArray[np.int64], words: Sequence[tuple[str, ...]]
) -> list[Guess]:
    """The guess of each text, given the place of its label."""
    sure = chances[np.arange(len(best)), best].tolist()
    return [Guess(labeling.labels[one], *rest) for one, *rest in zip(best.tolist(), sure, words, strict=True)]
