"""An error of a process is the error of the run."""

import pytest

from sdp.errors import InputError, MissingExtra, ResourceError
from sdp.finetuning.distributed.failure import note_failure, noted_failure


@pytest.mark.parametrize("kind", [InputError, ResourceError, MissingExtra])
def test_it_arrives_as_it_left(tmp_path, kind):
    note_failure(tmp_path, 0, kind("no memory", where="here", hint="less"))
    found = noted_failure(tmp_path)
    assert type(found) is kind
    assert (found.what, found.where, found.hint) == ("no memory", "here", "less")


def test_the_first_process_speaks(tmp_path):
    note_failure(tmp_path, 1, ResourceError("second"))
    note_failure(tmp_path, 0, ResourceError("first"))
    assert noted_failure(tmp_path).what == "first"


def test_nothing_noted(tmp_path):
    assert noted_failure(tmp_path) is None
