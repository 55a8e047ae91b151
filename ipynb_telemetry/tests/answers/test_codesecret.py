"""The secret of a course: made once, its owner's alone, and never guessed at."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ipynb_telemetry.answers.codesecret import SecretError, make_secret, read_secret, secret_file


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "course.secret"
    assert read_secret(path) is None
    with ThreadPoolExecutor(8) as pool:
        made = [*pool.map(lambda _: make_secret(path), range(8))]
    assert len({secret for secret, _ in made}) == 1
    assert sorted(is_new for _, is_new in made) == [False] * 7 + [True]
    assert read_secret(path) == made[0][0]
    assert len(made[0][0]) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["course.secret"]


@pytest.mark.parametrize("content", [b"", b"0" * 63, b"g" * 64, b"0" * 65, b"\xff" * 64])
def test_a_file_that_is_no_secret_is_refused_and_stays(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "course.secret"
    path.write_bytes(content)
    with pytest.raises(SecretError, match="is no secret of codes"):
        make_secret(path)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="cannot be written: No such file"):
        make_secret(tmp_path / "none" / "course.secret")


def test_the_secret_of_a_linked_file_is_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    own, link = tmp_path / "own" / "cs1.sqlite3", tmp_path / "linked.sqlite3"
    own.touch()
    link.symlink_to(own)
    assert secret_file(link) == secret_file(own) == tmp_path / "own" / "cs1.sqlite3.secret"
