"""Finding data sets by name or folder."""

from pathlib import Path

import pytest
from tests.synthesis.made import make

from sdp.api import InputError
from sdp.workflows.locate import all_data, find_data


def test_by_task_and_by_folder():
    make(Path("data/spelling"))
    make(Path("elsewhere/mine"), seed=1)
    assert find_data("spelling").path == Path("data/spelling")
    assert find_data("data/spelling").path == Path("data/spelling")
    assert find_data("elsewhere/mine").manifest.settings["seed"] == 1
    assert find_data("mine", Path("elsewhere")).manifest.settings["seed"] == 1


def test_none_at_all_says_how_to_make_one():
    with pytest.raises(InputError, match="there is no data set 'count'") as caught:
        find_data("count")
    assert caught.value.hint == "make it with `sdp generate count`"
    with pytest.raises(InputError, match="there is no data set under 'data'") as caught:
        all_data([])
    assert "sdp generate" in caught.value.hint


def test_a_near_name_is_offered_and_unfinished_ones_are_not():
    make(Path("data/spelling"))
    make(Path("data/.count.unfinished"), "count")
    with pytest.raises(InputError) as caught:
        find_data("speling")
    assert caught.value.hint == "did you mean 'spelling'? choices are: spelling"


def test_a_folder_without_a_manifest_says_so():
    Path("folder").mkdir()
    with pytest.raises(InputError, match=r"has no manifest\.json"):
        find_data("folder")


def test_all_of_them_or_those_that_are_named():
    make(Path("data/spelling"))
    make(Path("data/count"), "count")
    assert {folder.task for folder in all_data([])} == {"spelling", "count"}
    assert [folder.task for folder in all_data(["spelling"])] == ["spelling"]
