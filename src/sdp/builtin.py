"""Everything built in, through the same door as any plugin. Loaded by name, so that nothing imports it."""

from sdp.contract.augmenter import Augmenter
from sdp.contract.exporter import Exporter
from sdp.contract.generator import Generator
from sdp.contract.metric import Metric
from sdp.contract.validator import Validator
from sdp.plugins.hookspecs import hookimpl


@hookimpl
def sdp_generators() -> list[type[Generator]]:
    """Spelling, position, count."""
    from sdp.generators.count import Count
    from sdp.generators.position import Position
    from sdp.generators.spelling import Spelling

    return [Spelling, Position, Count]


@hookimpl
def sdp_validators() -> list[type[Validator]]:
    """What judges rows, then what judges the whole."""
    from sdp.validators.answer_distribution import AnswerDistribution
    from sdp.validators.balance import Balance
    from sdp.validators.contamination import Contamination
    from sdp.validators.length_distribution import LengthDistribution
    from sdp.validators.near_duplicates import NearDuplicates
    from sdp.validators.oracle import Oracle
    from sdp.validators.schema import Schema
    from sdp.validators.split_purity import SplitPurity
    from sdp.validators.template_coverage import TemplateCoverage
    from sdp.validators.unicode_hygiene import UnicodeHygiene
    from sdp.validators.uniqueness import Uniqueness

    rows = [Schema, Oracle, Uniqueness, SplitPurity, UnicodeHygiene]
    wholes = [Balance, AnswerDistribution, LengthDistribution, TemplateCoverage, NearDuplicates, Contamination]
    return [*rows, *wholes]


@hookimpl
def sdp_metrics() -> list[type[Metric]]:
    """Exact match, ROUGE-L, edit similarity, format failures."""
    from sdp.benchmarks.metrics.edit_similarity import EditSimilarity
    from sdp.benchmarks.metrics.exact_match import ExactMatch
    from sdp.benchmarks.metrics.format_failure import FormatFailure
    from sdp.benchmarks.metrics.rouge_l import RougeL

    return [ExactMatch, RougeL, EditSimilarity, FormatFailure]


@hookimpl
def sdp_exporters() -> list[type[Exporter]]:
    """Files that keep every column, shapes that trainers read, tasks for evaluation harnesses, token ids."""
    from sdp.exports.alpaca import Alpaca
    from sdp.exports.csv import Csv
    from sdp.exports.gemini import Gemini
    from sdp.exports.hf import HuggingFace
    from sdp.exports.input_output import InputOutput
    from sdp.exports.inspect import Inspect
    from sdp.exports.jsonl import Jsonl
    from sdp.exports.lm_eval import LmEval
    from sdp.exports.messages import Messages
    from sdp.exports.parquet import Parquet
    from sdp.exports.qa import QuestionAnswer
    from sdp.exports.sharegpt import ShareGpt
    from sdp.exports.tokenized import Tokenized
    from sdp.exports.trl import Trl

    files = [Parquet, Jsonl, Csv, HuggingFace]
    shapes = [Messages, QuestionAnswer, InputOutput, Alpaca, ShareGpt, Trl, Gemini]
    return [*files, *shapes, LmEval, Inspect, Tokenized]


@hookimpl
def sdp_augmenters() -> list[type[Augmenter]]:
    """Case, paraphrase, noise."""
    from sdp.augmenters.case import Case
    from sdp.augmenters.noise import Noise
    from sdp.augmenters.paraphrase import Paraphrase

    return [Case, Paraphrase, Noise]
