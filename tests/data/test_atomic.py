"""Writing: a name appears when all is there, and the disk's complaints become errors with a way out."""

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from sdp.data.atomic import alone, atomic_file, check_place, disk, swap_in, write_json, write_text
from sdp.errors import InputError, ResourceError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole_in_missing_folders(tmp_path):
    path = tmp_path / "a" / "b" / "file.txt"
    with atomic_file(path) as handle:
        handle.write("é\n")
        assert not path.exists()
    assert path.read_bytes() == b"\xc3\xa9\n"
    assert names(path.parent) == ["file.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_breaks_off_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "file.txt"
    path.write_text("old")

    def break_off():
        with atomic_file(path) as handle:
            handle.write("new")
            raise error

    with pytest.raises(error):
        break_off()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file.txt"]


def test_json_is_readable_and_strict(tmp_path):
    write_json(tmp_path / "a.json", {"letter": "é"})
    assert (tmp_path / "a.json").read_text() == '{\n  "letter": "é"\n}\n'
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "b.json", float("nan"))
    assert names(tmp_path) == ["a.json"]


def test_a_file_where_a_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResourceError, match="cannot write to") as caught:
        write_text(tmp_path / "file" / "a.txt", "text")
    assert "--out" in caught.value.hint


def test_a_full_disk(tmp_path):
    """/dev/full answers every write with ENOSPC, as a full disk does."""
    with pytest.raises(ResourceError, match="No space left on device") as caught, disk(tmp_path):
        Path("/dev/full").write_text("x")
    assert "free some space" in caught.value.hint


LIMITED = """
import resource, signal, sys
from pathlib import Path
from sdp.data.atomic import write_text
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_text(Path("file.txt"), "x" * 5000)
"""


def test_a_file_that_may_not_grow_is_not_left_half_written(tmp_path):
    assert resource.RLIMIT_FSIZE
    done = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=False)
    assert "ResourceError: cannot write to 'file.txt': File too large" in done.stderr
    assert names(tmp_path) == []


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EEXIST])
def test_every_complaint_of_the_system_is_a_resource_error(tmp_path, number):
    with pytest.raises(ResourceError, match=os.strerror(number)), disk(tmp_path):
        raise OSError(number, os.strerror(number))


def test_a_finished_folder_takes_the_place_of_the_old_one(tmp_path):
    for name, text in (("new", "new"), ("final", "old"), (".final.old", "older")):
        (tmp_path / name).mkdir()
        (tmp_path / name / text).write_text("")
    swap_in(tmp_path / "new", tmp_path / "final")
    assert names(tmp_path) == ["final"]
    assert names(tmp_path / "final") == ["new"]


def test_the_old_folder_stays_when_there_is_no_new_one(tmp_path):
    (tmp_path / "final").mkdir()
    with pytest.raises(ResourceError):
        swap_in(tmp_path / "new", tmp_path / "final")
    assert names(tmp_path) == ["final"]


@pytest.mark.parametrize("place", [".", "..", "/", "below/..", "../.."])
def test_the_ground_one_stands_on_is_not_swapped_out(tmp_path, place):
    (tmp_path / "below").mkdir()
    with pytest.raises(InputError, match="holds the working folder"):
        check_place(Path(place))
    with pytest.raises(InputError):
        check_place(tmp_path)


def test_other_places_are_fine(tmp_path):
    for place in ("below", "below/deeper", str(tmp_path / "below"), "../beside"):
        check_place(Path(place))


def test_a_name_that_no_disk_takes():
    with pytest.raises(ResourceError, match="File name too long"):
        check_place(Path("a" * 300))


def test_two_processes_do_not_work_on_one_folder(tmp_path):
    code = "from pathlib import Path; from sdp.data.atomic import alone\nwith alone(Path('folder')): print('in')"
    with alone(tmp_path / "folder"):
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "InputError: another process works on 'folder'" in other.stderr
    assert other.stdout == ""
    after = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert after.stdout == "in\n", after.stderr
