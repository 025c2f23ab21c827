"""What kind of text a file is, told from the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from config.errors import ConfigurationError
from sources.sniff import sniff

if TYPE_CHECKING:
    from pathlib import Path


def found(file: Path, content: bytes) -> Any:
    file.write_bytes(content)
    options: Any = sniff(file)
    return options


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    lines = ["naam,aantal,prijs".replace(",", delimiter), *(f"plein {n}{delimiter}{n}{delimiter}{n}" for n in range(50_000)), ""]
    content = ("\r\n".join(lines) + f"café{delimiter}1{delimiter}2\r\n").encode(encoding)
    options = found(tmp_path / "a.csv", content)
    assert (options.delimiter, options.skip_rows) == (delimiter, 0)
    assert "café" in content.decode(options.encoding), "the accent stands after the first piece of the file"


def test_lines_before_the_header_are_skipped(tmp_path: Path) -> None:
    options = found(tmp_path / "a.csv", b"Levering, deel 1;;\n\na;b;c\n1,5;2,5;3\n4;;6\n")
    assert (options.delimiter, options.skip_rows) == (";", 2)


def test_a_header_with_a_nameless_column_is_still_the_header(tmp_path: Path) -> None:
    assert found(tmp_path / "a.csv", b"naam;;plaats\njansen;1;x\nsmit;2;y\n").skip_rows == 0


def test_a_comma_inside_cells_is_no_delimiter(tmp_path: Path) -> None:
    assert found(tmp_path / "a.csv", b'a;b\n"1,2,3";4,5\n"6";7,8\n').delimiter == ";"


def test_one_column(tmp_path: Path) -> None:
    options = found(tmp_path / "a.csv", b"naam\nJan\nPiet\n")
    assert options.skip_rows == 0


def test_an_unknown_or_missing_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    for name in ("a.docx", "none.csv"):
        with pytest.raises(ConfigurationError, match=name):
            sniff(tmp_path / name)
