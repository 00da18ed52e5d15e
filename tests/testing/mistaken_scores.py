"""Scores with one mistake each, and a sound one."""

import numpy as np

from sdp.api import Metric


class SameLength(Metric):
    """1 where prediction and reference have as many characters, else 0."""

    name = "same_length"
    signature = "same_length: Unicode code points, nothing stripped"

    def rows(self, predictions, references):
        pairs = zip(predictions, references, strict=True)
        return np.array([len(prediction) == len(reference) for prediction, reference in pairs], dtype=float)


class Relative(SameLength):
    """Divides by the batch's best."""

    name = "relative"

    def rows(self, predictions, references):
        lengths = np.array([len(prediction) for prediction in predictions], dtype=float)
        return super().rows(predictions, references) / max(1.0, lengths.max(initial=0.0))


class Undefined(SameLength):
    """Divides by the length of the prediction."""

    name = "undefined"

    def rows(self, predictions, references):
        pairs = zip(predictions, references, strict=True)
        with np.errstate(all="ignore"):
            return np.array([np.float64(len(r)) / len(p) if r else 0.0 for p, r in pairs], dtype=float)


class UpsideDown(SameLength):
    """Counts errors, and says that more of them are better."""

    name = "upside_down"

    def rows(self, predictions, references):
        return 1 - super().rows(predictions, references)


class Numbered(SameLength):
    """Counts its uses in the signature."""

    name = "numbered"
    uses = 0

    @property
    def signature(self):
        return f"numbered, used {self.uses} times"

    def rows(self, predictions, references):
        self.uses += 1
        return super().rows(predictions, references)


class Silent(SameLength):
    """Does not say how the score is made."""

    name = "silent"
    signature = ""


class Listed(SameLength):
    """Gives a list."""

    name = "listed"

    def rows(self, predictions, references):
        return super().rows(predictions, references).tolist()


class Constant(SameLength):
    """Gives everybody the same."""

    name = "constant"

    def rows(self, predictions, references):
        return np.ones(len(predictions))


class InOrder(SameLength):
    """Weighs the first rows more when all are taken together."""

    name = "in_order"

    def corpus(self, predictions, references):
        scores = self.rows(predictions, references)
        return float(np.average(scores, weights=1 / np.arange(1, scores.size + 1))) if scores.size else float("nan")


class Sorter(SameLength):
    """Sorts the caller's own lists."""

    name = "sorter"

    def rows(self, predictions, references):
        scores = super().rows(predictions, references)
        if isinstance(references, list):
            references.sort()
        return scores


class NeedsRows(SameLength):
    """Takes the mean of nothing."""

    name = "needs_rows"

    def corpus(self, predictions, references):
        return sum(self.rows(predictions, references)) / len(predictions)
