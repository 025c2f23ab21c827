from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import yaml as reader
from config.errors import ConfigurationError
from config.scalars import resolve

if TYPE_CHECKING:
    from pathlib import Path

    from config.errors import Problem


def problems(content: bytes | str, name: str = "x.yaml") -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as caught:
        reader.parse(content.encode() if isinstance(content, str) else content, name=name)
    return caught.value.problems


def data(content: str, name: str = "x.yaml") -> Any:
    return reader.parse(content.encode(), name=name).data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("NO", "NO"),
        ("true", True), ("True", True), ("FALSE", False),
        ("null", None), ("~", None), ("", None),
        ("0392", "0392"), ("00", "00"), ("0", 0), ("-7", -7), ("12", 12), ("+31", "+31"), ("1_000", "1_000"),
        ("0x1F", "0x1F"), ("0o17", "0o17"), ("0b1", "0b1"),
        ("1.5", 1.5), (".5", 0.5), ("-0.0", 0.0), ("1e3", 1000.0), ("00.5", "00.5"), ("1,5", "1,5"),
        ("2024-01-01", "2024-01-01"), ("2024-01-01T12:00:00Z", "2024-01-01T12:00:00Z"), ("1:30", "1:30"), ("190:20:30", "190:20:30"),
        ("=", "="), ("<<", "<<"), ("BU00000001", "BU00000001"),
    ],
)  # fmt: skip
def test_a_scalar_is_what_it_looks_like(text: str, value: Any) -> None:
    read = data(f"a: {text}\n")["a"]
    assert read == value
    assert type(read) is type(value)


def test_quotes_make_text_and_a_tag_is_not_needed() -> None:
    assert data("a: \"12\"\nb: 'true'\nc: '2011RD'") == {"a": "12", "b": "true", "c": "2011RD"}


def test_keys_are_always_text() -> None:
    assert data("2024: 1\nno: 2\ntrue: 3\n~: 4") == {"2024": 1, "no": 2, "true": 3, "~": 4}


@pytest.mark.parametrize(
    ("content", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "yaml.duplicate-key", 3, 1),
        ("a: 1\n'a': 3\n", "yaml.duplicate-key", 2, 1),
        ("x: {y: 1, y: 2}\n", "yaml.duplicate-key", 1, 11),
        ("a: !!python/object/apply:os.system [ls]\n", "yaml.tag", 1, 4),
        ("a: !!str 5\n", "yaml.tag", 1, 4),
        ("a: !own 5\n", "yaml.tag", 1, 4),
        ("a: ! 5\n", "yaml.tag", 1, 4),
        ("--- !!map\na: 5\n", "yaml.tag", 1, 5),
        ("a: 1\n---\nb: 1\n", "yaml.documents", 2, 1),
        ("a: 1\n...\n---\nb: 1\n", "yaml.documents", 3, 1),
        ("a:\n\tb: 1\n", "yaml.tab", 2, 1),
        ("a:\n  \tb: 1\n", "yaml.tab", 2, 3),
        ("a:\n-\tb: 1\n", "yaml.tab", 2, 2),
        ("a: 1\nb: \x00\n", "yaml.control-character", 2, 4),
        ("a: 1\nb: x\x1by\n", "yaml.control-character", 2, 5),
        ("a: x\u202ey\n", "yaml.control-character", 1, 5),
        (b"a: 1\nb: caf\xe9\n", "yaml.encoding", 2, 7),
        ("a: e\n".encode("utf-16"), "yaml.encoding", 1, 1),
        ("a: e\n".encode("utf-16-le"), "yaml.control-character", 1, 2),
        ("", "yaml.empty", 1, 1),
        ("# only this\n", "yaml.empty", 1, 1),
        ("a: *b\n", "yaml.alias-unknown", 1, 4),
        ("a: &a [*a]\n", "yaml.alias-unknown", 1, 8),
        ("? [1, 2]\n: a\n", "yaml.key", 1, 3),
        ("a: .inf\n", "yaml.number", 1, 4),
        ("a: [1, -.INF]\n", "yaml.number", 1, 8),
        ("a: .nan\n", "yaml.number", 1, 4),
        ("a: 1e999\n", "yaml.number", 1, 4),
        ("a: " + "9" * 5000 + "\n", "yaml.number", 1, 4),
        ("[" * 60, "yaml.depth", 1, 40),
        ("a: 'open\n", "yaml.syntax", 2, 1),
        ("a: [1, 2\n", "yaml.syntax", 2, 1),
        ("a: b: c\n", "yaml.syntax", 1, 5),
        ("a: 1\n b: 2\n", "yaml.syntax", 2, 3),
        ("a: @x\n", "yaml.syntax", 1, 4),
        ('a: "\\q"\n', "yaml.syntax", 1, 5),
    ],
)  # fmt: skip
def test_a_trap_is_refused_at_its_place(content: bytes | str, code: str, line: int, column: int) -> None:
    (problem,) = problems(content)
    assert (problem.code, problem.place.line, problem.place.column) == (code, line, column)
    assert problem.place.file == "x.yaml"
    assert problem.nl
    assert problem.en
    assert problem.nl != problem.en


def test_all_duplicates_and_tags_are_told_at_once() -> None:
    assert [problem.place.line for problem in problems("a: 1\na: 2\nb: {c: 1, c: 2}\nb: 3\n")] == [2, 3, 4]
    assert [problem.place.line for problem in problems("a: !x 1\nb: !y 2\n")] == [1, 2]


def test_an_alias_bomb_is_refused_and_a_plain_alias_is_not() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert problems("\n".join(levels))[0].code == "yaml.aliases"
    deep = ["a0: &a0 [" + ", ".join(["x"] * 90) + "]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 20)]
    assert problems("\n".join(deep))[0].code == "yaml.aliases"
    document = reader.parse(b"a: &a {b: 1}\nc: *a\n", name="x.yaml")
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert (document.places.at("c").line, document.places.at("c", "b").line) == (2, 1)


def test_nesting_through_aliases_counts_too() -> None:
    # Each line is two deep and holds the line above: together deeper than is allowed.
    lines = ["a0: &a0 [[x]]"] + [f"a{n}: &a{n} [[[*a{n - 1}]]]" for n in range(1, 18)]
    assert problems("\n".join(lines))[0].code == "yaml.depth"


def test_a_file_beyond_the_size_is_refused_without_reading_on(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"a: " + b"x" * (reader.MAX_BYTES + 10))
    with pytest.raises(ConfigurationError) as caught:
        reader.load(file)
    assert caught.value.problems[0].code == "yaml.too-large"


def test_many_parts_are_refused() -> None:
    assert problems("[" + "1," * 150_000 + "1]")[0].code == "yaml.nodes"


def test_an_absent_file_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        reader.load(tmp_path / "no.yaml")
    assert caught.value.problems[0].code == "yaml.unreadable"
    with pytest.raises(ConfigurationError):
        reader.load(tmp_path)


def test_a_parser_message_never_quotes_the_file() -> None:
    for content in (
        "token: 'hunter2-secret\nb: [",
        'token: "hunter2-secret\\q"',
        "token: hunter2-secret: x",
        "%TAG hunter2-secret\n---\na: 1",
    ):
        for problem in problems(content):
            assert "hunter2" not in problem.nl + problem.en


def test_places_point_at_values_and_keys() -> None:
    places = reader.parse(b"a:\n  - name: x\n    type: y\n", name="f.yaml").places
    assert str(places.at("a", 0, "type")) == "f.yaml:3:11 a.0.type"
    assert str(places.key("a", 0, "type")) == "f.yaml:3:5 a.0.type"
    assert str(places.at("a", 0, "pattern")) == "f.yaml:2:5 a.0.pattern"
    assert str(places.at("b", "c")) == "f.yaml:1:1 b.c"


def test_a_byte_order_mark_shifts_nothing() -> None:
    places = reader.parse("\ufeffa: 1\n".encode(), name="f.yaml").places
    assert places.at("a").column == 4


@pytest.mark.parametrize(
    "value", [{"a": "\U0001f600", "b": "\\ud83d", "c": [1, -2.5e-7, True, None, "é\t\n\"'/"]}, [], {}, {"": {"x" * 900: 0}}]
)
def test_json_comes_through_the_same_door(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent="\t"), json.dumps(value, separators=(",", ":"))):
        assert data(text, name="x.json") == value


# --- properties -----------------------------------------------------------------------------------------------------------------------

texts = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    ),
    max_size=20,
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def dumped(value: Any, indent: int = 0) -> str:
    """Write block YAML as a careful person would: texts quoted, everything else bare."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return "".join(f"\n{pad}{json.dumps(key, ensure_ascii=False)}: {dumped(inner, indent + 2)}" for key, inner in value.items())
    if isinstance(value, list) and value:
        return "".join(f"\n{pad}- {dumped(inner, indent + 2)}" for inner in value)
    return json.dumps(value, ensure_ascii=False)


def same(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=0, abs_tol=0)
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return len(left) == len(right) and all(map(same, left, right)) if isinstance(left, list) else bool(left == right)


@given(plain)
def test_what_is_written_is_read(value: Any) -> None:
    assert same(data(dumped({"value": value})), {"value": value})


def refused(content: bytes, name: str) -> tuple[Problem, ...]:
    """Give the problems of content that may be anything; another exception than ours fails the test."""
    try:
        reader.parse(content, name=name)
    except ConfigurationError as error:
        return error.problems
    return ()


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    assert all(problem.place.file == "x.yaml" for problem in refused(text.encode(), "x.yaml"))


@given(st.text(st.sampled_from("ab:- \n\t{}[],&*!|>'\"#%?@~.10\\"), max_size=60))
@settings(max_examples=400)
def test_any_punctuation_is_read_or_refused(text: str) -> None:
    for name in ("x.yaml", "x.json"):
        assert all(problem.nl and problem.en for problem in refused(text.encode(), name))


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    assert all(problem.code.startswith("yaml.") for problem in refused(content, "x.yaml"))


@given(st.from_regex(r"0[0-9]+|[0-9]+(:[0-5][0-9])+|[0-9]{4}-[0-9]{2}-[0-9]{2}|\+[0-9]+", fullmatch=True))
def test_codes_dates_and_numbers_with_a_plus_stay_text(code: str) -> None:
    assert resolve(code) == code
