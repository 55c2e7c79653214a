# SPDX-License-Identifier: Apache-2.0
"""From a request's text to its category, kind and urgency, each with a confidence and a reason that a dispatcher understands."""

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from rexian_ml import danger, linear
from rexian_ml.features import Vocabulary, terms
from rexian_ml.linear import Labeling

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
HELD_BACK = 0.15
CUE_WEIGHT = 3.0
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


class NotFittedError(ValueError):
    """The estimator has learned nothing yet."""


@dataclass(slots=True)
class Example:
    """A request whose labels are known; `weight` above 1 for corrections made by people."""

    text: str
    category: str
    kind: str
    urgency: str = "normal"
    weight: float = 1.0


@dataclass
class Classifier:
    """Category, kind and urgency by one linear model over words and character pairs.

    Every category's name and keywords are examples too, so that a new city's tree works before any order is closed, and a
    rare category is not forgotten. Danger to life is found by rules first.
    """

    categories: Sequence[CategoryInfo] = ()
    seed: int = 0
    vocabulary_: Vocabulary = field(default_factory=Vocabulary, init=False, repr=False)
    labelings_: list[Labeling] = field(default_factory=list, init=False, repr=False)
    weights_: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32), init=False, repr=False)
    paths_: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)

    def fit(self, examples: Sequence[Example]) -> Self:
        """Learns from closed orders and from the categories' keywords; none at all is enough for a beginning."""
        examples = sorted(examples, key=lambda one: (one.text, one.category, one.kind, one.urgency))
        cues = self._cues()
        documents = [terms(one.text) for one in (*examples, *cues)]
        fewest = FEWEST if len(examples) > 1000 else 1
        self.vocabulary_ = Vocabulary.learn(documents, fewest=fewest, most=MOST_TERMS)
        self.paths_ = {info.code: info.path for info in self.categories}
        rows = self.vocabulary_.matrix(documents)
        weights = np.array([one.weight for one in (*examples, *cues)])
        self.labelings_ = []
        tables: list[NDArray[np.float32]] = []
        for name in ("category", "kind", "urgency"):
            labels = [getattr(one, name) for one in (*examples, *cues)]
            told = np.array([place for place, label in enumerate(labels) if label])
            seen = told[told < len(examples)]
            labeling, table = self._fit_one(rows, labels, weights, told, seen, sum(table.shape[1] for table in tables))
            self.labelings_.append(labeling)
            tables.append(table)
        self.weights_ = np.ascontiguousarray(np.hstack(tables))
        return self

    def _cues(self) -> list[Example]:
        """The categories' own words, and those by which people tell kinds and urgencies."""
        named = [
            Example(" ".join((info.name, *info.keywords) * 2), info.code, info.default_kind, "", CUE_WEIGHT)
            for info in self.categories
        ]
        kinds = [Example(words, "", kind, "", CUE_WEIGHT) for kind, words in KIND_CUES.items()]
        urgencies = [Example(words, "", "", urgency, CUE_WEIGHT) for urgency, words in URGENCY_CUES.items()]
        return [*named, *kinds, *urgencies]

    def _fit_one(
        self,
        rows: csr_matrix,
        labels: list[str],
        weights: NDArray[np.float64],
        told: NDArray[np.int64],
        seen: NDArray[np.int64],
        start: int,
    ) -> tuple[Labeling, NDArray[np.float32]]:
        """The final model on all rows; its temperature from one that did not see the rows held back."""

        def pick(places: NDArray[np.int64]) -> list[str]:
            return [labels[place] for place in places]

        names, table = linear.train(rows[told], pick(told), weights[told], seed=self.seed)
        heat = 0.25
        held = np.random.default_rng(self.seed).permutation(seen)[: int(len(seen) * HELD_BACK)]
        if len(held) >= 50:
            rest = np.setdiff1d(told, held)
            some, part = linear.train(rows[rest], pick(rest), weights[rest], seed=self.seed)
            index = {label: place for place, label in enumerate(some)}
            held = np.array([place for place in held if labels[place] in index])
            scores = rows[held] @ part[:-1] + part[-1]
            heat = linear.temperature(
                np.asarray(scores, np.float32), np.array([index[labels[place]] for place in held])
            )
        return Labeling(names, heat, start), table

    def predict(self, text: str) -> Proposal:
        """What the text is about; raises NotFittedError."""
        if not self.labelings_:
            raise NotFittedError("Classifier: call fit first.")
        document = terms(text)
        places, weights = self.vocabulary_.weigh(document)
        scores = weights @ self.weights_[places] + self.weights_[-1]
        category, kind, urgency = (self._guess(one, scores, document) for one in self.labelings_)
        found = danger.find(text)
        if found is not None:
            urgency = Guess("danger", 1.0, (found.word,))
        category, others = self._back_off(category, scores, document)
        return Proposal(category, kind, urgency, found, others)

    def predict_many(self, texts: Sequence[str]) -> list[Proposal]:
        """What each text is about; raises NotFittedError."""
        return [self.predict(text) for text in texts]

    def _guess(self, labeling: Labeling, scores: NDArray[np.float32], document: Sequence[str]) -> Guess:
        chances = labeling.probabilities(scores)
        best = int(chances.argmax())
        words = self._words(labeling.start + best, document)
        return Guess(labeling.labels[best], float(chances[best]), words)

    def _words(self, column: int, document: Sequence[str], most: int = 3) -> tuple[str, ...]:
        """The words of the text that speak for a column most."""
        spoken: dict[str, float] = {}
        for word in document:
            place = self.vocabulary_.places.get(word)
            if place is not None and not word.startswith("_") and len(word) > 1:
                spoken[word] = float(self.weights_[place, column] * self.vocabulary_.idf[place])
        best = sorted((word for word in spoken if spoken[word] > 0), key=lambda word: -spoken[word])[:most]
        return tuple(word for word in spoken if word in best)

    def _back_off(
        self, leaf: Guess, scores: NDArray[np.float32], document: Sequence[str]
    ) -> tuple[Guess, tuple[Guess, ...]]:
        """The leaf, or the branch above when the leaf is unsure and the branch is not; with the next best leaves."""
        labeling = self.labelings_[0]
        chances = labeling.probabilities(scores)
        order = np.argsort(-chances)[1:4]
        others = tuple(Guess(labeling.labels[i], float(chances[i]), self._words(int(i), document)) for i in order)
        if leaf.confidence >= UNSURE or len(path := self.paths_.get(leaf.label, ())) < 2:
            return leaf, others
        branch = path[-2]
        sure = sum(c for label, c in zip(labeling.labels, chances, strict=True) if branch in self.paths_.get(label, ()))
        return (Guess(branch, float(sure), leaf.words), (leaf, *others)) if sure >= UNSURE else (leaf, others)

    # A model is kept as its arrays, never as pickled objects.

    def to_bytes(self) -> bytes:
        """The learned model as a compressed npz without pickles."""
        head = {
            "seed": self.seed,
            "terms": list(self.vocabulary_.places),
            "labelings": [(one.labels, one.temperature, one.start) for one in self.labelings_],
            "paths": self.paths_,
        }
        out = io.BytesIO()
        text = np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8)
        np.savez_compressed(out, head=text, idf=self.vocabulary_.idf, weights=self.weights_.astype(np.float16))
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Classifier":
        """The model that `to_bytes` wrote; raises ValueError for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            head = json.loads(arrays["head"].tobytes())
            model = cls(seed=head["seed"])
            model.vocabulary_ = Vocabulary({term: i for i, term in enumerate(head["terms"])}, arrays["idf"])
            model.weights_ = arrays["weights"].astype(np.float32)
        model.labelings_ = [Labeling(*one) for one in head["labelings"]]
        model.paths_ = {code: tuple(path) for code, path in head["paths"].items()}
        return model

    @cached_property
    def id_(self) -> str:
        """A name for exactly this learned model."""
        return hashlib.sha256(self.weights_.astype(np.float16).tobytes()).hexdigest()[:12]
