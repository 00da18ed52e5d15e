"""The manifest: there and back, and what is none is refused."""

import json

import pytest

from sdp.data.manifest import NAME, Manifest, PhrasingFacts, Shard, SplitFacts, WordsFacts
from sdp.errors import InputError

MANIFEST = Manifest(
    task="spelling",
    generator_version=1,
    fingerprint="0" * 16,
    settings={"n": 3, "seed": 0},
    words=WordsFacts(
        source="file:a", language="en", n_words=3, hash="1" * 16, licence="l", attribution="a", stemmer=None
    ),
    phrasings=[PhrasingFacts(hash="2" * 16, text="Spell {{ word }}.", where="a.jinja:1", held_out=True)],
    splits={"test": SplitFacts(rows=3, keys=3, families=2, capacity=None, floor_answer="é", floor=1 / 3)},
    shards=[Shard(file="test-00000-of-00001.parquet", split="test", rows=3, bytes=10, sha256="a" * 64)],
    rejects={"oracle: the oracle says 'b'": 2},
    packages={"sdp": "0.1"},
)


def test_there_and_back(tmp_path):
    MANIFEST.save(tmp_path)
    assert Manifest.load(tmp_path) == MANIFEST
    assert json.loads((tmp_path / NAME).read_text())["splits"]["test"]["floor_answer"] == "é"


def test_a_folder_without_one_is_not_finished(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(InputError, match=r"holds no finished data set: it has no manifest\.json") as caught:
            Manifest.load(folder)
        assert "sdp generate" in caught.value.hint


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b"\xff", b'{"task": 1}'])
def test_what_is_no_manifest_is_refused_with_its_path(tmp_path, text):
    (tmp_path / NAME).write_bytes(text)
    with pytest.raises(InputError, match="the manifest cannot be read") as caught:
        Manifest.load(tmp_path)
    assert caught.value.where == str(tmp_path / NAME)


def test_one_of_a_later_version_is_refused(tmp_path):
    newer = json.loads(MANIFEST.model_dump_json()) | {"surplus": 1}
    (tmp_path / NAME).write_text(json.dumps(newer))
    with pytest.raises(InputError, match="Extra inputs are not permitted"):
        Manifest.load(tmp_path)
