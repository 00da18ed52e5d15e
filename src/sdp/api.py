"""Everything that a plugin may import; what is not here may change without notice."""

from sdp.contract.augmenter import Augmenter, AugmentOptions
from sdp.contract.columns import coded
from sdp.contract.exporter import Exporter, ExportOptions
from sdp.contract.generator import Generator, Item, ItemGenerator, RowGenerator
from sdp.contract.metric import Metric
from sdp.contract.options import TaskOptions
from sdp.contract.per_words import PerWords
from sdp.contract.rows import SPLITS, row_schema
from sdp.contract.validator import DataFacts, Validator
from sdp.errors import (
    CheckFailed,
    ConfigError,
    ExitCode,
    InputError,
    MissingExtra,
    PluginError,
    ResourceError,
    SdpError,
    TemplateError,
)
from sdp.plugins.hookspecs import hookimpl

__all__ = [
    "SPLITS",
    "AugmentOptions",
    "Augmenter",
    "CheckFailed",
    "ConfigError",
    "DataFacts",
    "ExitCode",
    "ExportOptions",
    "Exporter",
    "Generator",
    "InputError",
    "Item",
    "ItemGenerator",
    "Metric",
    "MissingExtra",
    "PerWords",
    "PluginError",
    "ResourceError",
    "RowGenerator",
    "SdpError",
    "TaskOptions",
    "TemplateError",
    "Validator",
    "coded",
    "hookimpl",
    "row_schema",
]
