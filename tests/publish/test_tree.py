"""A folder is put in place whole, and what others keep there is theirs."""

from __future__ import annotations

import fcntl
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pilotgraph.errors import DatasetError
from pilotgraph.publish.tree import MANIFEST, write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = [("a.txt", b"a"), ("b/c.txt", b"c"), ("b/d.txt", b"d")]


def held(folder: Path) -> dict[str, bytes]:
    """What a folder holds."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_new_folder_holds_exactly_the_files_and_their_list(tmp_path: Path) -> None:
    """Folders above it are made, and nothing is left beside it."""
    written = write_tree(tmp_path / "x/site", FILES)
    listed = {MANIFEST: b"a.txt\nb/c.txt\nb/d.txt\n"}
    assert (written.new, written.total, held(tmp_path / "x/site")) == (3, 3, dict(FILES) | listed)
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["site"]


def test_an_unchanged_file_is_not_written_again(tmp_path: Path) -> None:
    """It keeps its time and its place on the disk; what changed is new, what is gone is gone."""
    write_tree(tmp_path / "site", FILES)
    before = (tmp_path / "site/b/c.txt").stat()
    written = write_tree(tmp_path / "site", [("a.txt", b"A"), ("b/c.txt", b"c"), ("e.txt", b"e")])
    after = (tmp_path / "site/b/c.txt").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert (written.new, written.changed, written.unchanged, written.removed) == (1, 1, 1, 1)
    assert set(held(tmp_path / "site")) == {MANIFEST, "a.txt", "b/c.txt", "e.txt"}


def test_files_of_others_are_refused_and_with_force_kept(tmp_path: Path) -> None:
    """Only a file of the same path is written over, and only with force."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "mine.txt").write_bytes(b"mine")
    (folder / "a.txt").write_bytes(b"old")
    with pytest.raises(
        DatasetError, match=r"holds files that are not of a site of ours \(a\.txt, mine\.txt\).*--force"
    ):
        write_tree(folder, FILES)
    assert held(folder) == {"mine.txt": b"mine", "a.txt": b"old"}
    written = write_tree(folder, FILES, force=True)
    assert (written.kept, held(folder)["mine.txt"], held(folder)["a.txt"]) == (1, b"mine", b"a")
    # And the next time too, for they are not in the list.
    with pytest.raises(DatasetError, match=r"mine\.txt"):
        write_tree(folder, FILES)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """It stays as it is."""
    (tmp_path / "site").write_bytes(b"x")
    with pytest.raises(DatasetError, match="is a file; give the name of a folder"):
        write_tree(tmp_path / "site", FILES)
    assert (tmp_path / "site").read_bytes() == b"x"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_whatever_stops_it_leaves_the_old_folder_whole(tmp_path: Path, stop: type[BaseException]) -> None:
    """Ctrl-C in the midst of writing included; nothing half-made is left beside it."""
    write_tree(tmp_path / "site", FILES)
    before = held(tmp_path / "site")

    def broken() -> Iterator[tuple[str, bytes]]:
        yield "a.txt", b"changed"
        raise stop

    with pytest.raises(stop):
        write_tree(tmp_path / "site", broken())
    assert held(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_full_disk_leaves_the_old_folder_whole(tmp_path: Path) -> None:
    """The message names the reason, and what to do."""
    write_tree(tmp_path / "site", FILES)
    before = held(tmp_path / "site")
    program = (
        "import sys, pathlib; from pilotgraph.publish.tree import write_tree\n"
        "from pilotgraph.errors import DatasetError\n"
        "try: write_tree(pathlib.Path(sys.argv[1]), [('a.txt', b'x' * 5000)])\n"
        "except DatasetError as error: print(error.message); sys.exit(error.exit_code)\n"
    )

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "site")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=no_room,
    )
    assert (done.returncode, "file too large; make room on the disk" in done.stdout) == (3, True), done
    assert held(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_process_killed_in_the_midst_of_the_swap_is_made_good(tmp_path: Path) -> None:
    """The next run puts the old folder back before it begins, and clears what was left."""
    write_tree(tmp_path / "site", FILES)
    (tmp_path / "site").rename(tmp_path / ".site.old")
    (tmp_path / ".site.new").mkdir()
    written = write_tree(tmp_path / "site", FILES)
    assert (written.unchanged, written.new) == (3, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    """The second is told to wait."""
    with (tmp_path / ".site.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(DatasetError, match="is being written by another"):
            write_tree(tmp_path / "site", FILES)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("path", ["../x", "/x", "a/../../x", "", "a//b", "a.txt"])
def test_no_path_leads_out_of_the_folder_or_is_given_twice(tmp_path: Path, path: str) -> None:
    """A defect in a page's address is found before it does harm."""
    with pytest.raises(ValueError, match="is no path inside the site, or is given twice"):
        write_tree(tmp_path / "site", [("a.txt", b""), (path, b"")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    """A web server's folder is often such a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to(tmp_path / "real")
    write_tree(tmp_path / "site", FILES)
    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "real/a.txt").read_bytes() == b"a"
