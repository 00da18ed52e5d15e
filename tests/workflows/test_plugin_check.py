"""`sdp plugins check` runs the kit on whatever a plugin brings."""

from pathlib import Path

import pytest
from tests.testing.test_generators import file_of

from sdp.workflows.plugin_check import CheckRequest, check_plugin

SOUND = Path(__file__).parents[1] / "testing" / "sound" / "insert.py"


def outcomes(result, kind):
    (thing,) = [thing for thing in result.things if thing.kind == kind]
    return {outcome.case: outcome for outcome in thing.outcomes}


@pytest.mark.slow
def test_a_sound_plugin_passes():
    result = check_plugin(CheckRequest(str(SOUND), n=60))
    assert result.n_failed == 0
    assert result.n_cases == sum(len(thing.outcomes) for thing in result.things)
    assert [thing.kind for thing in result.things] == ["plugins", "generators"]
    assert outcomes(result, "plugins")["hooks_work"].note == "1 generator"
    assert outcomes(result, "generators")["is_the_same_in_any_process"].note == "3 processes"


def test_every_kind_and_what_is_shared_by_name(tmp_path, capsys):
    source = """
from tests.testing.mistaken_augmenters import Please
from tests.testing.mistaken_checks import Brief
from tests.testing.mistaken_formats import Lines
from tests.testing.mistaken_scores import SameLength, UpsideDown
from sdp.api import hookimpl


class Csv(Lines):
    "Has a name that is taken."
    name = "csv"


@hookimpl
def sdp_validators():
    print("asked for checks")
    return [Brief]

@hookimpl
def sdp_metrics():
    return [SameLength, UpsideDown]

@hookimpl
def sdp_exporters():
    return [Lines, Csv, Lines()]

@hookimpl
def sdp_augmenters():
    return [Please]
"""
    (tmp_path / "mixed_bag.py").write_text(source)
    result = check_plugin(CheckRequest(str(tmp_path / "mixed_bag.py"), n=60))
    failed = {(thing.name, outcome.case) for thing in result.things for outcome in thing.failed}
    assert failed == {
        ("mixed_bag", "hooks_work"),
        ("mixed_bag", "names_are_free"),
        ("upside_down", "prefers_what_is_right"),
    }
    assert result.n_failed == 3
    assert capsys.readouterr().out == ""  # what a plugin prints goes to stderr: stdout is for results
    own = outcomes(result, "plugins")
    assert "return the class itself" in own["hooks_work"].what
    assert "another of the exporters is called 'csv'" in own["names_are_free"].what


@pytest.mark.slow
def test_the_rows_are_made_of_what_is_asked_for():
    result = check_plugin(CheckRequest("count", n=40, words="pseudo:en:300", language="de"))
    found = outcomes(result, "generators")
    assert result.n_failed == 0
    assert "about 300 words" in found["capacity_is_told_truthfully"].note
    assert found["phrasings_show_every_field"].note.startswith("25 phrasings")


@pytest.mark.slow
def test_a_task_with_fewer_rows_is_told_what_to_say():
    found = outcomes(check_plugin(CheckRequest(str(file_of("poor")), n=60)), "generators")
    assert "--n 25" in found["capacity_is_told_truthfully"].hint


@pytest.mark.slow
def test_an_old_exporter_is_warned_of_once(tmp_path):
    (tmp_path / "old_one.py").write_text(
        "from sdp.api import hookimpl\nfrom tests.contract.test_deprecations import Old\n\n"
        "class Older(Old):\n    'Writes nothing.'\n    name = 'older'\n\n"
        "@hookimpl\ndef sdp_exporters():\n    return [Older]\n"
    )
    result = check_plugin(CheckRequest(str(tmp_path / "old_one.py")))
    warned = [outcome for thing in result.things for outcome in thing.outcomes if outcome.verdict == "warned"]
    (one,) = warned
    assert one.what.endswith("is deprecated since sdp 0.1, and refused from 0.2")
    assert one.hint.startswith("call super().__init__(options) first")
    assert one.where.startswith(str(tmp_path / "old_one.py"))
