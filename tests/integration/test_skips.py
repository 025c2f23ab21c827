"""A test of real input is skipped where `../shared` is absent, and is red when it is skipped where it is present."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SKIPPED = """\
import pytest


@pytest.mark.skip(reason="today I do not feel like it")
def test_by_mark():
    raise AssertionError


def test_by_call(shared_data):
    pytest.skip("nor do I")


def test_by_fixture(shared_data):
    assert shared_data.is_dir()


@pytest.mark.xfail
def test_that_is_known_to_fail(shared_data):
    raise AssertionError
"""


@pytest.mark.parametrize(("present", "expected"), [(False, "4 skipped"), (True, "1 failed, 1 passed, 1 xfailed, 1 error")])
def test_a_skip_is_red_where_the_input_is_present(tmp_path: Path, *, present: bool, expected: str) -> None:
    folder = tmp_path / "checkout" / "tests" / "integration"
    folder.mkdir(parents=True)
    shutil.copyfile(HERE / "conftest.py", folder / "conftest.py")
    (folder / "test_skipped.py").write_text(SKIPPED)
    if present:
        (tmp_path / "shared" / "data").mkdir(parents=True)
    call = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--import-mode=importlib", "-q", str(folder)]
    done = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == (1 if present else 0), done.stdout
    assert expected in done.stdout.splitlines()[-1]
