"""Data sets of another version or of other settings: refused, with the difference, and left as they are."""

import json
import shutil
import signal
from pathlib import Path

import pytest
from tests.faults.conftest import MADE
from tests.faults.processes import contents, run, sdp

pytestmark = pytest.mark.slow
FINISHED, UNFINISHED = Path("data/spelling/manifest.json"), Path("data/.spelling.unfinished/request.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One finished and one begun data set, in folders of their own."""
    folder = tmp_path_factory.mktemp("made")
    for name, fate in [("finished", 10**9), ("begun", 60)]:
        (folder / name).mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder / name)
            run(*MADE, FATE=f"driver:{fate}:0:self:{signal.SIGKILL:d}")
    return folder


def refused(done, *said):
    """Exit code 3, each of these is said, nothing is changed."""
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    for text in said:
        assert text in done.stderr


def change(path, how):
    found = json.loads(path.read_text())
    how(found)
    path.write_text(json.dumps(found))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda found: found.update(format=99), "is of format 99, written by sdp "),
        (lambda found: found.pop("shards"), "Field required: 'shards'"),
        (lambda found: found["splits"]["test"].pop("rows"), "Field required: 'splits.test.rows'"),
        (lambda found: found.update(colour="red"), "Extra inputs are not permitted: 'colour'"),
    ],
)
def test_a_manifest_of_another_version(made, how, said):
    shutil.copytree(made / "finished" / "data", "data")
    change(FINISHED, how)
    before = contents(Path("data"))
    for done in (run(*MADE), sdp("verify", "spelling")):
        refused(done, said, "data/spelling/manifest.json", "use that one, or make the data set again with --overwrite")
    assert contents(Path("data")) == before


def test_another_version_of_a_package(made):
    """Same settings, but it cannot be said that they make the same bytes."""
    shutil.copytree(made / "finished" / "data", "data")
    change(FINISHED, lambda found: found.update(fingerprint="0" * 16) or found["packages"].update(wordfreq="1.0"))
    refused(run(*MADE), "same settings, but other words, phrasings or package versions")
    refused(sdp("verify", "spelling"), "wordfreq was 1.0, here it is")
    assert sdp("validate", "spelling").returncode == 0, "its rows are right all the same"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--seed", "5"), "seed was 0, now 5"),
        (
            ("--style", "trace", "--ratios", "0.7,0.2,0.1"),
            "style was direct, now trace; ratios was [0.8, 0.1, 0.1], now",
        ),
    ],
)
def test_a_request_of_other_settings(made, options, said):
    shutil.copytree(made / "begun" / "data", "data")
    before = contents(Path("data"))
    refused(run(*MADE, *options), "is the beginning of another data set: ", said, "add --overwrite to begin anew")
    assert contents(Path("data")) == before
    assert run(*MADE, *options, "--overwrite").returncode == 0
    shutil.rmtree("data")
    shutil.copytree(made / "finished" / "data", "data")
    refused(run(*MADE, *options), "holds another data set: ", said, "add --overwrite to replace it")


def test_a_request_that_another_version_wrote(made, plain):
    """Of the same settings, with one more or less: it is said which."""
    shutil.copytree(made / "begun" / "data", "data")
    change(UNFINISHED, lambda found: found.update(fingerprint="0" * 16) or found["settings"].pop("balance"))
    refused(run(*MADE), "balance was None, now strata")
    assert run(*MADE, "--overwrite").returncode == 0
    assert contents(Path("data")) == plain.files
