"""The metrics that plugins bring, beside our own."""

from sdp.contract.metric import Metric
from sdp.plugins.manager import load

OWN_METRICS = ("exact_match", "rouge_l", "edit_similarity", "format_failure")


def plugin_metrics() -> list[Metric]:
    """Makes them."""
    return [metric() for name, metric in load().metrics.items() if name not in OWN_METRICS]
