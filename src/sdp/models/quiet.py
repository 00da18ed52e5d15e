"""Keeps libraries' own bars and advice off the terminal; ours say the same."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from transformers.utils import logging


def quiet_transformers() -> None:
    """Turns off transformers' progress bars and everything below an error, for this process."""
    logging.disable_progress_bar()
    logging.set_verbosity_error()


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Hides that peft asks models for an attribute that transformers has renamed (peft 0.21, transformers 5.23)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
        yield
