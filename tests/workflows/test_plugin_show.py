"""What a plugin, or one thing out of it, says of itself."""

import pytest

from sdp.errors import InputError
from sdp.plugins.manager import load
from sdp.plugins.reading import KINDS
from sdp.workflows.plugin_show import ShowRequest, show_plugin


def test_a_plugin_shows_all_that_it_brings():
    (detail,) = show_plugin(ShowRequest("builtin")).details
    assert detail.plugin.distribution == "sdp"
    registry = load()
    assert {thing.name for thing in detail.things} >= {name for kind in KINDS for name in getattr(registry, kind)}
    assert all(thing.doc and thing.where for thing in detail.things)


def test_a_task_shows_its_settings_strata_and_phrasings():
    ((task,),) = [detail.things for detail in show_plugin(ShowRequest("position")).details]
    assert (task.kind, task.version) == ("generator", 1)
    assert task.facts["strata"] == "ordinal_start, ordinal_end, number_start, number_end"
    assert task.facts["settings"] == "domain.bases=0 | 1"
    assert task.facts["balance"] == "position"
    assert task.facts["floor"] == "25%"
    assert "56 en" in task.facts["phrasings"]
    assert "generators/position.py:" in task.where


def test_others_show_what_they_declare():
    def facts(name):
        ((thing,),) = [detail.things for detail in show_plugin(ShowRequest(name)).details]
        return thing.facts

    assert facts("balance") == {"scope": "set"}
    assert facts("format_failure") == {"better": "less is better"}
    assert "tokenizer" in facts("tokenized")["uses"]


def test_a_wrong_name_gives_the_near_one():
    with pytest.raises(InputError) as caught:
        show_plugin(ShowRequest("exact_macth"))
    assert caught.value.hint.startswith("did you mean 'exact_match'?")
