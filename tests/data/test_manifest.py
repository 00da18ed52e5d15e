"""The manifest: there and back, and what is none is refused."""

import json

import pytest
from tests.data import filled

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


def test_distributions_and_parts_there_and_back(tmp_path):
    manifest = filled.manifest(words=filled.two_parts())
    manifest.save(tmp_path)
    loaded = Manifest.load(tmp_path)
    assert loaded == manifest
    facts = loaded.splits["train"]
    assert list(facts.top_answers) == ["0", "1", "2", "3"]  # the order says which is the commonest
    assert list(facts.strata) == ["zero", "more"]
    assert (facts.n_answers, facts.uniform_floor) == (4, 0.25)


def test_a_manifest_from_before_distributions_can_be_read(tmp_path):
    MANIFEST.save(tmp_path)
    old = json.loads((tmp_path / NAME).read_text())
    for name in ("n_answers", "uniform_floor", "strata", "lengths", "top_answers"):
        del old["splits"]["test"][name]
    del old["phrasings"][0]["family"], old["words"]["parts"], old["words"]["n_skipped"]
    (tmp_path / NAME).write_text(json.dumps(old))
    assert Manifest.load(tmp_path) == MANIFEST


def test_lengths_are_numbers(tmp_path):
    filled.manifest().save(tmp_path)
    wrong = json.loads((tmp_path / NAME).read_text())
    wrong["splits"]["train"]["lengths"] = {"long": 3}
    (tmp_path / NAME).write_text(json.dumps(wrong))
    with pytest.raises(InputError, match="the manifest cannot be read"):
        Manifest.load(tmp_path)


def test_a_lexicon_of_one_source_is_its_own_part():
    words = filled.words_facts()
    (part,) = words.sources
    assert (part.source, part.n_words, part.licence, part.attribution, part.stemmer) == (
        words.source, words.n_words, words.licence, words.attribution, words.stemmer,
    )  # fmt: skip
    assert [part.language for part in filled.two_parts().sources] == ["de", "tr"]
