"""The hub: one commit with everything or none, nothing of anybody else's replaced, no word of the token."""

import hashlib

import pytest
from tests.exports import hub_server

from sdp.data.hub import Hub
from sdp.errors import InputError, ResourceError


@pytest.fixture
def hub(monkeypatch):
    """A real server; this process is let out to it, and does not wait between tries."""
    from huggingface_hub import constants
    from huggingface_hub.utils import _http

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(_http.time, "sleep", lambda seconds: None)
    monkeypatch.setenv("HF_TOKEN", hub_server.TOKEN)
    with hub_server.serving() as served:
        yield served


@pytest.fixture
def files(tmp_path):
    contents = {
        "README.md": "---\ntags: [a]\n---\n# é\n",
        "manifest.json": "{}",
        "train-0.parquet": "x" * 9,
        "test-0.parquet": "y",
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return {name: tmp_path / name for name in contents}


def there(hub, repo="ada/letters"):
    return {name: data for name, data in hub.repos[repo].files.items() if name != ".gitattributes"}


def test_everything_arrives_in_one_commit(hub, files):
    sent = []
    done = Hub("letters", hub.url).push(files, advance=sent.append)
    assert there(hub) == {name: path.read_bytes() for name, path in files.items()}
    assert (done.repo, done.url, done.changed) == ("ada/letters", f"{hub.url}/datasets/ada/letters", True)
    assert done.commit == hub.repos["ada/letters"].commits[-1][0]
    assert len(hub.repos["ada/letters"].commits) == 2, "the hub's own, and ours"
    assert sum(sent) == done.n_bytes == sum(path.stat().st_size for path in files.values())
    assert not [line for line in hub.log if "xet" in line]


def test_shards_travel_as_large_files_and_are_named_by_their_hash(hub, files):
    Hub("ada/letters", hub.url).push(files)
    sent = {line.removeprefix("PUT /lfs/") for line in hub.log if line.startswith("PUT")}
    assert sent == {
        hashlib.sha256(files[name].read_bytes()).hexdigest() for name in ("train-0.parquet", "test-0.parquet")
    }


@pytest.mark.parametrize("private", [True, False])
def test_a_new_repository_is_as_private_as_asked(hub, files, private):
    Hub("letters", hub.url).push(files, private=private)
    assert hub.repos["ada/letters"].private == private


def test_the_same_again_changes_nothing(hub, files):
    first = Hub("letters", hub.url).push(files)
    again = Hub("letters", hub.url).push(files)
    assert (again.changed, again.commit) == (False, first.commit)
    assert len(hub.repos["ada/letters"].commits) == 2


def test_another_data_set_is_replaced_only_when_asked_and_leaves_no_shard(hub, files, tmp_path):
    (tmp_path / "train-1.parquet").write_text("old")
    Hub("letters", hub.url).push({**files, "train-1.parquet": tmp_path / "train-1.parquet"})
    with pytest.raises(InputError, match="holds another data set") as caught:
        Hub("letters", hub.url).push(files)
    assert "--overwrite" in caught.value.hint
    Hub("letters", hub.url).push(files, overwrite=True)
    assert there(hub) == {name: path.read_bytes() for name, path in files.items()}


def test_what_is_not_ours_is_never_removed(hub, files):
    Hub("letters", hub.url).push(files)
    hub.repos["ada/letters"].files["thesis.pdf"] = b"years"
    hub.repos["ada/letters"].files["README.md"] = b"changed"
    with pytest.raises(InputError, match=r"holds 'thesis\.pdf', which this would not write"):
        Hub("letters", hub.url).push(files, overwrite=True)
    assert there(hub)["README.md"] == b"changed"


def test_private_data_does_not_go_where_everybody_sees_it(hub, files, tmp_path):
    Hub("letters", hub.url).push({"README.md": files["README.md"]})
    with pytest.raises(InputError, match="everybody sees it"):
        Hub("letters", hub.url).push(files, private=True, overwrite=True)
    assert set(there(hub)) == {"README.md"}


@pytest.mark.parametrize("name", ["a b", "a/b/c", "", "-a", "a..b", "é", "a/" + "x" * 97, "x.git"])
def test_names_that_cannot_be(hub, name):
    with pytest.raises(InputError, match="cannot be the name of a repository") as caught:
        Hub(name, hub.url)
    assert "OWNER/NAME" in caught.value.hint
    assert hub.log == []


@pytest.mark.parametrize("token", ["", "  ", "hf_a\nb", "hf_é", "hf a"])
def test_no_token(hub, monkeypatch, token):
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(ResourceError) as caught:
        Hub("letters", hub.url)
    assert "HF_TOKEN" in str(caught.value)
    assert not token.strip() or token.strip() not in str(caught.value)
    assert hub.log == []


def test_a_login_of_another_tool_is_not_used(hub, monkeypatch, tmp_path):
    from huggingface_hub import constants

    (tmp_path / "token").write_text(hub_server.TOKEN)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(ResourceError, match="who you are"):
        Hub("letters", hub.url)


@pytest.mark.parametrize("repo", ["letters", "ada/letters"])
def test_a_token_that_the_hub_does_not_know(hub, files, monkeypatch, repo):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(ResourceError, match="401") as caught:
        Hub(repo, hub.url).push(files)
    assert "HF_TOKEN" in caught.value.hint
    assert "hf_wrong" not in str(caught.value)
    assert hub.repos == {}


STEPS = {
    "GET /api/datasets/ada/letters$": "be asked for the repository",
    "POST /api/repos/create": "be asked for the repository",
    "GET .*/tree/": "list the repository",
    "POST .*/preupload/": "take 'README.md'",
    "POST .*/objects/batch": "take 'train-0.parquet'",
    "PUT /lfs/": "take 'train-0.parquet'",
    "POST .*/commit/": "take the commit",
}


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize("step", STEPS)
def test_a_hub_that_fails_at_any_step_has_committed_nothing(hub, files, step, status):
    hub.fail(step, status, text=f"said {hub_server.TOKEN}")
    with pytest.raises(ResourceError, match=f"the hub does not {STEPS[step]}: {status}") as caught:
        Hub("ada/letters", hub.url).push(files)
    assert caught.value.where == f"{hub.url}/datasets/ada/letters"
    assert "HF_TOKEN" in caught.value.hint if status == 403 else "same command" in caught.value.hint
    assert hub_server.TOKEN not in str(caught.value)
    assert not hub.repos or there(hub) == {}
    hub.rules.clear()
    Hub("ada/letters", hub.url).push(files)
    assert set(there(hub)) == set(files)


def test_what_has_arrived_is_not_sent_again(hub, files):
    hub.fail("PUT /lfs/", 403, after=1)
    with pytest.raises(ResourceError, match=r"take 'test-0\.parquet'"):
        Hub("ada/letters", hub.url).push(files)
    hub.rules.clear()
    hub.log.clear()
    Hub("ada/letters", hub.url).push(files)
    assert len([line for line in hub.log if line.startswith("PUT")]) == 1


def test_a_hub_that_stumbles_is_asked_again(hub, files):
    hub.fail("PUT /lfs/", 503, times=2)
    assert Hub("letters", hub.url).push(files).changed


def test_somebody_else_s_commit_in_the_meantime(hub, files, monkeypatch):
    Hub("letters", hub.url).push({"README.md": files["README.md"]})
    pushed = Hub("letters", hub.url)
    listing = pushed._there

    def late(commit):
        found = listing(commit)
        hub.repos["ada/letters"].commit({**hub.repos["ada/letters"].files, "train-9.parquet": b"theirs"})
        return found

    monkeypatch.setattr(pushed, "_there", late)
    with pytest.raises(ResourceError, match="412") as caught:
        pushed.push(files, overwrite=True)
    assert "somebody else changed it" in caught.value.hint
    assert there(hub)["train-9.parquet"] == b"theirs"


def test_what_arrived_differs(hub, files, monkeypatch):
    real = hub_server.Repo.commit

    def damaged(self, contents):
        return real(self, {name: data.replace(b"x", b"z") for name, data in contents.items()})

    monkeypatch.setattr(hub_server.Repo, "commit", damaged)
    with pytest.raises(ResourceError, match=r"'train-0\.parquet' on the hub is not what was sent"):
        Hub("letters", hub.url).push(files)


def test_nobody_listens(hub, files):
    with pytest.raises(ResourceError, match="cannot be reached") as caught:
        Hub("ada/letters", "http://127.0.0.1:9").push(files)
    assert "--hub-url" in caught.value.hint


def test_a_password_in_the_url_is_not_shown(hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    for url in (hub.url, "http://127.0.0.1:9"):
        with pytest.raises(ResourceError) as caught:
            Hub("ada/letters", url.replace("://", "://ada:s3cret@"))
        assert "s3cret" not in str(caught.value)
        assert caught.value.where == f"{url}/datasets/ada/letters"


@pytest.mark.parametrize("url", ["", "hub", "ftp://hub", "http://", "http://ada:s3cret/@127.0.0.1:9", "http://h:99999"])
def test_what_cannot_be_a_hub(hub, url):
    with pytest.raises(InputError, match="cannot be the URL of a hub") as caught:
        Hub("ada/letters", url)
    assert "s3cret" not in str(caught.value)


def test_switched_off(hub, files, monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ResourceError, match="switched off") as caught:
        Hub("letters", hub.url)
    assert caught.value.where == "HF_HUB_OFFLINE"
