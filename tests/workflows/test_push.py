"""`sdp export --push-to-hub` as a function, and `load_dataset` on what arrived."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.exports import hub_server
from tests.synthesis.made import contents, make

from sdp.data.dataset import TaskFolder
from sdp.errors import InputError, ResourceError
from sdp.workflows.export import ExportRequest, export
from sdp.workflows.push import PushRequest


@pytest.fixture
def hub(monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", hub_server.TOKEN)
    with hub_server.serving() as served:
        yield served


@pytest.fixture(autouse=True)
def folder():
    return make(Path("data/spelling"))


def there(hub, repo="ada/letters"):
    return {name: data for name, data in hub.repos[repo].files.items() if name != ".gitattributes"}


def test_a_data_set_goes_up_as_it_is_and_comes_back_as_one(hub, folder):
    result = export(ExportRequest("spelling", push=PushRequest("letters", url=hub.url)))
    assert result.pushed.changed
    assert result.files == []
    assert there(hub) == contents(folder.path)
    assert not Path("exports").exists()
    for name, data in there(hub).items():
        Path("back").mkdir(exist_ok=True)
        Path("back", name).write_bytes(data)
    TaskFolder.open(Path("back")).check_hashes()


def test_refused_rows_and_locks_stay_here(hub, folder):
    for name in ("rejects.parquet", ".lock", "notes.txt"):
        (folder.path / name).write_text("x")
    export(ExportRequest("spelling", push=PushRequest("letters", url=hub.url)))
    assert not {"rejects.parquet", ".lock", "notes.txt"} & set(there(hub))


def test_an_export_goes_up_with_a_card_that_names_its_files(hub):
    result = export(ExportRequest("spelling", "messages", push=PushRequest("letters", url=hub.url)))
    assert set(there(hub)) == {"README.md", "train.jsonl", "validation.jsonl", "test.jsonl"}
    card = there(hub)["README.md"].decode()
    (config,) = yaml.safe_load(card.split("---\n")[1])["configs"]
    assert config["data_files"] == [{"split": s, "path": f"{s}.jsonl"} for s in ("train", "validation", "test")]
    assert "distributions.svg" not in card
    assert sorted(path.name for path in result.folder.parent.iterdir()) == ["spelling-messages"]
    assert not (result.folder / "README.md").exists()


def test_a_folder_with_a_card_of_its_own_keeps_it(hub):
    result = export(ExportRequest("spelling", "lm_eval", push=PushRequest("letters", url=hub.url)))
    assert there(hub) == contents(result.folder)


def test_a_data_set_without_a_card_gets_one(hub, folder):
    (folder.path / "README.md").unlink()
    export(ExportRequest("spelling", "qa", push=PushRequest("letters", url=hub.url)))
    assert "# spelling" in there(hub)["README.md"].decode()


def test_a_damaged_data_set_does_not_go_up(hub, folder):
    path = folder.path / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(InputError, match="was changed"):
        export(ExportRequest("spelling", push=PushRequest("letters", url=hub.url)))
    assert hub.repos == {}


def test_a_failure_leaves_the_export_and_no_card_behind(hub):
    hub.fail("commit", 403)
    with pytest.raises(ResourceError):
        export(ExportRequest("spelling", "qa", push=PushRequest("letters", url=hub.url)))
    assert [path.name for path in Path("exports").iterdir()] == ["spelling-qa"]


@pytest.mark.parametrize("to", ["qa", "hf"])
def test_the_same_command_goes_on_after_a_failure(hub, to):
    request = ExportRequest("spelling", to, push=PushRequest("letters", url=hub.url))
    hub.fail("commit", 403)
    with pytest.raises(ResourceError):
        export(request)
    left = contents(Path("exports"))
    hub.rules.clear()
    assert export(request).pushed.changed
    assert contents(Path("exports")) == left


def test_another_export_that_is_there_is_not_taken_for_this_one(hub):
    make(Path("data/count"), "count")
    for out, data in (("one", "count"), ("more", "spelling")):
        export(ExportRequest(data, "qa", out=Path(out)))
    Path("more/notes.txt").write_text("mine")
    before = contents(Path("one")) | contents(Path("more"))
    for out in ("one", "more"):
        with pytest.raises(InputError, match="is there already, and is another export"):
            export(ExportRequest("spelling", "qa", out=Path(out), push=PushRequest("letters", url=hub.url)))
    assert contents(Path("one")) | contents(Path("more")) == before
    assert hub.repos == {}


@pytest.mark.parametrize("repo", ["letters", "ada/letters"])
@pytest.mark.parametrize("what", ["no token", "wrong token", "nobody there"])
def test_the_hub_is_asked_before_anything_is_written(hub, monkeypatch, what, repo):
    monkeypatch.setenv("HF_TOKEN", {"no token": "", "wrong token": "hf_wrong"}.get(what, hub_server.TOKEN))
    url = "http://127.0.0.1:9" if what == "nobody there" else hub.url
    with pytest.raises(ResourceError):
        export(ExportRequest("spelling", "qa", push=PushRequest(repo, url=url)))
    assert not Path("exports").exists()


@pytest.mark.parametrize(
    ("edited", "tags"),
    [
        (b"# My words\n\ntext --- and\n---\nmore\n", ["sdp", "spelling"]),
        (b"\xef\xbb\xbf---\r\ntags: [mine]\r\n---\r\n# My words\r\nmore\r\n", ["mine"]),
        (b"---\nnote: a---\ntags: [mine]\n---\n# My words\nmore\n", ["mine"]),
        (b"---\n---\n# My words\nmore\n", None),
    ],
)
def test_an_edited_card_goes_up_as_it_was_meant(hub, folder, edited, tags):
    (folder.path / "README.md").write_bytes(edited)
    export(ExportRequest("spelling", "qa", push=PushRequest("letters", url=hub.url)))
    _, front, body = re.split(r"^---\n", there(hub)["README.md"].decode(), maxsplit=2, flags=re.MULTILINE)
    described = yaml.safe_load(front)
    assert described.get("tags") == tags
    assert described["configs"][0]["data_files"][0] == {"split": "train", "path": "train.jsonl"}
    assert "# My words\n" in body
    assert body.endswith("more\n")
    assert "\r" not in body


@pytest.mark.parametrize("to", ["qa", None])
def test_a_card_that_is_not_utf_8(hub, folder, to):
    (folder.path / "README.md").write_bytes("---\ntags: [é]\n---\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"README\.md is not UTF-8") as caught:
        export(ExportRequest("spelling", to, push=PushRequest("letters", url=hub.url)))
    assert caught.value.where == "data/spelling/README.md"


@pytest.mark.parametrize("front", ["a: [b", "tags", "day: 2026-13-45"])
def test_a_card_whose_front_matter_cannot_be_read(hub, folder, front):
    (folder.path / "README.md").write_text(f"---\n{front}\n---\n# spelling\n")
    with pytest.raises(InputError, match=r"the front matter of README\.md is no"):
        export(ExportRequest("spelling", "qa", push=PushRequest("letters", url=hub.url)))


def test_data_in_a_store_goes_up_too(hub, folder, tmp_path):
    from sdp.data.place import Place

    place = Place.of(f"memory://{tmp_path.name}/spelling")
    for name, data in contents(folder.path).items():
        with place.write(name) as file:
            file.write(data)
    result = export(ExportRequest(place.url, push=PushRequest("letters", url=hub.url)))
    assert result.folder == place.url
    assert there(hub) == contents(folder.path)


READ = """
import datasets, json, sys
found = datasets.load_dataset(sys.argv[1])
print(json.dumps({split: [row.get("prompt") or row["question"] for row in found[split]] for split in found}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("to", [None, "qa", "hf"])
def test_load_dataset_reads_it_from_the_hub(hub, folder, to):
    import json

    export(ExportRequest("spelling", to, push=PushRequest("letters", url=hub.url)))
    variables = {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_DATASETS_OFFLINE": "0", "HF_HOME": "hf"}
    command = [sys.executable, "-c", READ, "ada/letters"]
    done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    wanted = {split: folder.table(split)["prompt"].to_pylist() for split in folder.manifest.splits}
    assert json.loads(done.stdout) == wanted
