"""Settings: what may be asked for, and equality that survives JSON."""

import pytest
from pydantic import ValidationError

from sdp.synthesis.settings import DataSettings, only


def test_there_and_back():
    settings = DataSettings(task="count", n=7, seed=2**63, style="trace", ratios=(1, 0, 0))
    assert DataSettings.model_validate_json(settings.model_dump_json()) == settings


@pytest.mark.parametrize("wrong", [{"n": 0}, {"n": -1}, {"style": "both"}, {"rows_per_shard": 0}, {"sed": 1}])
def test_what_cannot_be_asked_for(wrong):
    with pytest.raises(ValidationError):
        DataSettings(**({"task": "count", "n": 1} | wrong))


def test_only_one_split():
    assert only("test") == (0.0, 0.0, 1.0)
    assert sum(only("train")) == sum(only("validation")) == 1
