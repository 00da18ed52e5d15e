"""Everything that a plugin may import; what is not here may change without notice."""

from sdp.contract.exporter import Exporter
from sdp.contract.generator import Generator, Item, ItemGenerator, RowGenerator
from sdp.contract.metric import Metric
from sdp.contract.rows import SPLITS, row_schema
from sdp.contract.validator import Validator
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
    "CheckFailed",
    "ConfigError",
    "ExitCode",
    "Exporter",
    "Generator",
    "InputError",
    "Item",
    "ItemGenerator",
    "Metric",
    "MissingExtra",
    "PluginError",
    "ResourceError",
    "RowGenerator",
    "SdpError",
    "TemplateError",
    "Validator",
    "hookimpl",
    "row_schema",
]
