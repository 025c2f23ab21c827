"""The generator of the example municipality: the same again, valid, skewed, and wrong only where it should be."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.nl import bsn as stdnum_bsn

from config.voorbeeldgemeente import generate
from config.voorbeeldgemeente.generator import bijstand, gasverbruik, kerncijfers, meldingen, parkeertellingen, people, places, subsidies
from config.voorbeeldgemeente.generator.world import dutch, world

EXAMPLE = Path(generate.__file__).parent


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "data"
    generate.write(folder)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def every_text(folder: Path) -> str:
    """All that the registers hold, decoded per format."""
    import pyarrow.parquet as pq

    parts = [(folder / name).read_text(encoding=code) for name, code in (("gasverbruik.csv", "cp1252"), ("subsidies.csv", "utf-8"))]
    parts.append("\n".join(str(row) for row in pq.read_table(folder / bijstand.FILE).to_pylist()))
    with closing(sqlite3.connect(folder / meldingen.FILE)) as database:
        parts.append("\n".join("\n".join(map(str, row)) for row in database.execute("SELECT * FROM meldingen")))
    return "\n".join(parts)


def test_another_process_writes_the_same_bytes(registers: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "config.voorbeeldgemeente.generate", str(tmp_path / "data")]
    subprocess.run(command, check=True, env={"PYTHONHASHSEED": "7", "PATH": "/usr/bin:/bin"})
    assert digests(tmp_path / "data") == digests(registers)
    assert (tmp_path / "secrets" / "P_PERCENT").stat().st_mode & 0o777 == 0o600


def test_writing_over_what_is_there_gives_the_same_bytes(registers: Path) -> None:
    before = digests(registers)
    generate.write(registers)
    assert digests(registers) == before


def test_another_seed_is_another_town(registers: Path, tmp_path: Path) -> None:
    generate.write(tmp_path, seed=1)
    here, there = digests(registers), digests(tmp_path)
    fixed = {"bomen.cpg", "bomen.prj"}
    assert here.keys() == there.keys()
    assert {name for name in here if here[name] == there[name]} == fixed


def test_a_secret_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "P_PERCENT").write_text("33\n", encoding="ascii")
    generate.write_secrets(tmp_path)
    assert (tmp_path / "P_PERCENT").read_text(encoding="ascii") == "33\n"


@given(st.integers(0, 999_999_999))
def test_the_eleven_test_agrees_with_stdnum(number: int) -> None:
    text = f"{number:09d}"
    assert people.bsn_passes(text) == (stdnum_bsn.is_valid(text) or (text == "000000000"))


@given(st.integers(0, 2**32))
def test_ibans_are_valid(seed: int) -> None:
    assert stdnum_iban.is_valid(people.iban(Random(seed)))


@given(st.decimals(-(10**9), 10**9, places=2))
def test_dutch_numbers_read_back(value: object) -> None:
    assert float(dutch(float(str(value)), thousands=True).replace(".", "").replace(",", ".")) == pytest.approx(float(str(value)))


def test_people_cannot_be_anybody() -> None:
    town = world(generate.SEED)
    assert len({person.bsn for person in town.people}) == len(town.people)
    assert all(person.bsn.startswith("9999") and stdnum_bsn.is_valid(person.bsn) for person in town.people)
    assert all(person.email.endswith(".example") and person.email.isascii() for person in town.people)
    assert len({person.email for person in town.people}) == len(town.people)
    assert all(18 <= person.age <= 99 for person in town.people)


def test_planted_values_stand_in_the_registers(registers: Path) -> None:
    text = every_text(registers)
    values = generate.planted_by_kind()
    assert {kind for kind, found in values.items() if len(found) >= 100} == {"bsn", "iban", "email", "phone", "name"}
    missing = [value for value in generate.planted() if value not in text]
    assert missing == []
    assert generate.planted(1) != generate.planted()


def test_free_text_holds_personal_data_that_no_form_asked_for() -> None:
    notes = [(row[-1], row) for row in meldingen.rows(world(generate.SEED))]
    leaks = Counter(
        kind for note, row in notes for kind, value in zip(("name", "bsn", "email", "phone"), row[1:5], strict=True) if value in note
    )
    assert set(leaks) == {"name", "bsn", "email", "phone"}
    assert min(leaks.values()) >= 100
    assert sum(any(value in note for value in row[1:5]) for note, row in notes) < 0.3 * len(notes)


def test_neighbourhoods_are_as_unequal_as_real_ones(registers: Path) -> None:
    homes = Counter(address.neighbourhood.code for address in world(generate.SEED).addresses)
    assert len(homes) == len(world(generate.SEED).neighbourhoods) == 40
    assert max(homes.values()) > 3 * median(homes.values())
    assert min(homes.values()) == 2
    features = json.loads((registers / kerncijfers.FILE).read_text(encoding="utf-8"))["features"]
    assert {feature["properties"]["buurt_code"]: feature["properties"]["woningen"] for feature in features} == dict(homes)


def test_small_counts_and_a_dominant_contributor_are_there_to_be_hidden() -> None:
    town = world(generate.SEED)
    cells = Counter((person.address.neighbourhood.code, person.age // 15) for person in bijstand.recipients(town))
    assert sum(0 < count < 10 for count in cells.values()) > 20
    uses: dict[str, list[float]] = {}
    for row in gasverbruik.rows(town):
        if row[7] == "2025" and row[8]:
            uses.setdefault(row[6], []).append(float(row[8].replace(",", ".")))
    assert any(len(values) >= 3 and max(values) > 0.9 * sum(values) for values in uses.values())
    assert any(len(values) < 3 for values in uses.values())


def test_reports_follow_the_seasons() -> None:
    months = Counter((row[9], int(row[5][5:7])) for row in meldingen.rows(world(generate.SEED)) if row[5] < "2026")
    assert months["Groen", 6] > 2 * months["Groen", 1]
    assert months["Verlichting", 12] > 2 * months["Verlichting", 6]


def test_parking_is_busy_at_noon_and_counted_every_hour() -> None:
    rows = parkeertellingen.rows(world(generate.SEED))
    assert len({(row[0], row[1]) for row in rows}) == len(rows) == 70 * 24 * 12
    garage = {row[0]: row[5] for row in rows if row[1] == "P01"}
    assert garage["2026-07-04T13:00:00+02:00"] > 3 * garage["2026-07-04T04:00:00+02:00"]
    assert sum(row[5] > row[4] for row in rows) == parkeertellingen.STUCK_SENSORS


@pytest.mark.parametrize("mended", [False, True])
def test_subsidies_are_wrong_on_purpose(tmp_path: Path, *, mended: bool) -> None:
    subsidies.write(tmp_path, world(generate.SEED, mended=mended))
    with (tmp_path / subsidies.FILE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    asked, granted = ([float(row[name].replace(".", "").replace(",", ".")) for row in rows] for name in ("aangevraagd", "verleend"))
    above = sum(have > want for want, have in zip(asked, granted, strict=True))
    below = sum(have < 0 for have in granted)
    twice = len(rows) - len({row["zaaknummer"] for row in rows})
    assert (above, below, twice) == ((0, 0, 0) if mended else (9, 4, 6))


def test_sole_traders_are_among_the_applicants() -> None:
    applicants = subsidies.applicants(world(generate.SEED))
    traders = [applicant for applicant in applicants if applicant.form == subsidies.SOLE_TRADER]
    assert 0.15 < len(traders) / len(applicants) < 0.4
    assert all(trader.person.name in trader.name for trader in traders)


def test_files_come_as_registers_deliver_them(registers: Path) -> None:
    gas = (registers / gasverbruik.FILE).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        gas.decode("utf-8")
    assert "é" in gas.decode("cp1252")
    assert (registers / subsidies.FILE).read_bytes().startswith(b"\xef\xbb\xbf")
    assert (registers / "bomen.dbf").read_bytes()[1:4] == bytes((126, 7, 1))  # last update: 2026-07-01, not today


def test_neighbourhoods_share_their_borders_and_do_not_overlap(registers: Path) -> None:
    import shapely

    features = json.loads((registers / kerncijfers.FILE).read_text(encoding="utf-8"))["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    assert all(shape.is_valid and shape.exterior.is_ccw for shape in shapes)
    union = shapely.union_all(shapes)
    assert union.area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-6)
    assert 5.1 < union.centroid.x < 5.4
    assert 52.4 < union.centroid.y < 52.7


def test_code_lists_and_hierarchies_name_what_the_registers_hold() -> None:
    areas = world(generate.SEED).neighbourhoods
    hierarchy = [line.split(";") for line in (EXAMPLE / "hierarchies" / "buurten.csv").read_text(encoding="utf-8").splitlines()]
    assert hierarchy == [[area.code, area.district_code, "GM0000"] for area in areas]
    with (EXAMPLE / "codelists" / "buurten.csv").open(encoding="utf-8", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file, delimiter=";")] == [area.code for area in areas]
    ages = [int(line.split(";")[0]) for line in (EXAMPLE / "hierarchies" / "leeftijd.csv").read_text(encoding="utf-8").splitlines()]
    assert set(ages) >= {person.age for person in bijstand.recipients(world(generate.SEED))}
    assert {area.streets[0][1][:4] for area in areas} == set(places.PC4)
