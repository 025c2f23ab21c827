"""Points to the smallest area that holds enough rows: the promise by brute force, the areas of a file, and the whole way of a dataset."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from anonymisation.geo_areas import read_areas
from anonymisation.geo_cover import UNPLACED, cover
from anonymisation.geo_proof import thinned
from anonymisation.hierarchies.base import Seen, forked, open_ladder, recode
from config.errors import ConfigurationError, RefusedError
from config.registry import HIERARCHIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.models.hierarchy import HierarchyOptions

# The cover, by itself: places are rows of areas from small to large.

PLACES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 2), st.integers(1, 7)).map(
        # Four small squares in a large one, five neighbourhoods across them, two districts, one municipality.
        lambda place: (place[0], (place[0] + place[1]) // 3, place[2])
    ),
    min_size=1,
    max_size=30,
)


def together(places: Sequence[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the areas, what they are part of, and the rows of places (square, neighbourhood, rows)."""
    counts: Counter[tuple[int, int]] = Counter()
    for square, area, rows in places:
        counts[square, area] += rows
    parts = [{at: number for number, at in enumerate(sorted({(square // side, area) for square, area in counts}))} for side in (1, 4)]
    areas = [[parts[0][square, area], parts[1][square // 4, area], area, area // 3, 0] for square, area in counts]
    wholes = [[square, square // 4, area, area // 3, 0] for square, area in counts]
    return np.array(areas, dtype=np.int64), np.array(wholes, dtype=np.int64), np.array(list(counts.values()), dtype=np.int64)


def broken(areas: np.ndarray, wholes: np.ndarray, rows: np.ndarray, level: np.ndarray, minimum: int) -> list[str]:
    """Say what is not as `geo_cover` promises, in plain loops over every area and every whole square on every level."""
    published: Counter[tuple[int, int]] = Counter()
    for at, own in enumerate(level.tolist()):
        if own != UNPLACED:
            published[own, areas[at][own]] += rows[at]
    found = [f"few in {label}" for label, count in published.items() if count < minimum]
    for kind, of in (("area", areas), ("whole", wholes)):
        for own in range(areas.shape[1]):
            for area in set(of[:, own].tolist()):
                inside = [at for at in range(len(rows)) if of[at][own] == area]
                # Parts of a whole square that are published on its own level are smaller than it too.
                smaller = sum(rows[at] for at in inside if UNPLACED != level[at] < own + (kind == "whole"))
                left = sum(rows[at] for at in inside) - smaller
                if smaller and 0 < left < minimum:
                    found.append(f"left in {kind} {own, area}")
    return found


@given(PLACES, st.integers(2, 9))
def test_the_cover_keeps_its_promise(places: list[tuple[int, int, int]], minimum: int) -> None:
    areas, wholes, rows = together(places)
    level = cover(areas, wholes, rows, minimum)
    assert broken(areas, wholes, rows, level, minimum) == []
    # The last level is one area: only where there are fewer rows than the minimum in all is nothing placed.
    assert (level == UNPLACED).all() if rows.sum() < minimum else (level != UNPLACED).all()


@given(PLACES, st.integers(2, 9), st.randoms())
def test_the_order_of_places_does_not_matter(places: list[tuple[int, int, int]], minimum: int, chance: random.Random) -> None:
    areas, wholes, rows = together(places)
    order = np.array(chance.sample(range(len(rows)), len(rows)))
    assert cover(areas[order], wholes[order], rows[order], minimum).tolist() == cover(areas, wholes, rows, minimum)[order].tolist()


@given(PLACES, st.integers(2, 9))
def test_coarser_steps_keep_the_promise_too(places: list[tuple[int, int, int]], minimum: int) -> None:
    areas, wholes, rows = together(places)
    level = cover(areas, wholes, rows, minimum)
    for step in range(areas.shape[1]):
        at_least = np.where(level == UNPLACED, UNPLACED, np.maximum(level, step))
        assert broken(areas, wholes, rows, at_least, minimum) == []


@given(PLACES, st.integers(2, 6))
def test_nothing_is_coarser_than_it_must_be(places: list[tuple[int, int, int]], minimum: int) -> None:
    """Where every smallest area that has rows has enough of them, all rows stay in it."""
    areas, wholes, rows = together([(square, area, count + minimum) for square, area, count in places])
    assert set(cover(areas, wholes, rows, minimum).tolist()) == {0}


def plain(areas: list[list[int]], rows: list[int], minimum: int, wholes: list[list[int]] | None = None) -> list[int]:
    return cover(np.array(areas), np.array(wholes or areas), np.array(rows), minimum).tolist()  # type: ignore[no-any-return]


def test_the_cheapest_group_is_taken_back() -> None:
    # Two squares of 9 and 6 rows and one of 2 in one neighbourhood: the 6 join the 2, the 9 stay.
    assert plain([[0, 0], [1, 0], [2, 0]], [9, 6, 2], 5) == [0, 1, 1]
    # With 5 rows in the third square nothing has to be left over.
    assert plain([[0, 0], [1, 0], [2, 0]], [9, 6, 5], 5) == [0, 0, 0]


def test_a_divided_square_does_not_show_its_smaller_part() -> None:
    # One square with 8 rows in one neighbourhood and 2 in the other: the total of the square less the 8 would show the 2.
    wholes = [[0, 0], [0, 1], [1, 1]]
    assert plain([[0, 0], [1, 1], [2, 1]], [8, 2, 6], 5, wholes) == [1, 1, 1]
    assert plain([[0, 0], [1, 1], [2, 1]], [8, 5, 6], 5, wholes) == [0, 0, 0]


# The hierarchy, from a file with areas.


def town(folder: Path, name: str = "buurten.geojson", *, crs: str = "EPSG:28992", field: str = "buurtcode") -> Path:
    """Write three neighbourhoods, two of them in one district: strips of 450 m wide, next to each other."""
    codes = ["BU00000101", "BU00000102", "BU00000201"]
    features = [
        {
            "type": "Feature",
            "properties": {field: code},
            "geometry": shapely.geometry.mapping(shapely.box(120_000 + 450 * at, 480_000, 120_450 + 450 * at, 481_000)),
        }
        for at, code in enumerate(codes)
    ]
    text = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": crs}}, "features": features}
    (folder / name).write_text(json.dumps(text), encoding="utf-8")
    return folder / name


def declared(**keys: Any) -> HierarchyOptions:
    made: HierarchyOptions = HIERARCHIES.load("area").Options.model_validate_json(json.dumps({"type": "area", **keys}))
    return made


EVERY = ["100m", "500m", "buurt", "wijk", "gemeente", "any"]
POINTS = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 9), st.integers(1, 4)), min_size=1, max_size=40)


def scattered(cells: Sequence[tuple[int, int, int]]) -> list[bytes]:
    """Give points in squares of 100 m, so many a square, each point its own."""
    found = []
    for east, north, count in cells:
        found += [shapely.to_wkb(shapely.Point(120_010 + east * 100 + at, 480_050 + north * 100)) for at in range(count)]
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("town")
    town(made)
    return made


def fitted(folder: Path, points: Sequence[bytes | None], **keys: Any) -> Any:
    options = declared(**{"levels": EVERY, "minimum": 5, "areas": "buurten.geojson", "code": "buurtcode", **keys})
    return open_ladder(options, folder, Stub(points))


class Stub(Seen):
    """A column that was read already."""

    def __init__(self, points: Sequence[bytes | None]) -> None:
        object.__setattr__(self, "column", "plek")
        object.__setattr__(self, "part", "columns")
        object.__setattr__(self, "snapshot", Here())
        counts = Counter(points)
        values = sorted(value for value in counts if value is not None) + ([None] if None in counts else [])
        rows = np.array([counts[value] for value in values], dtype=np.int64)
        object.__setattr__(self, "counted", (pa.array(values, pa.binary()), rows))


class Here:
    crs = "EPSG:28992"


@given(POINTS, st.integers(2, 6), st.integers(0, 3))
def test_what_is_published_of_points(folder: Path, cells: list[tuple[int, int, int]], minimum: int, missing: int) -> None:
    points = [*scattered(cells), *[None] * missing]
    if len(points) < minimum:
        with pytest.raises(RefusedError) as caught:
            fitted(folder, points, minimum=minimum)
        assert caught.value.problems[0].code == "hierarchy.area-minimum"
        return
    ladder = fitted(folder, points, minimum=minimum)
    values = Stub(points).counted[0]
    found, wrong = recode(values, "geometry", ladder)
    assert not len(wrong)
    assert forked(found) is None
    labels = [step.to_pylist() for step in ladder.labels(pa.array(points, pa.binary()))]
    for at, step in enumerate(labels):
        assert min(Counter(step).values()) >= minimum
        assert subtracted(points, step, minimum) == []
        sorts = {label.split()[0] for label in step if label not in {None, "*"}}
        assert sorts <= set(EVERY[at:])


def subtracted(points: Sequence[bytes | None], labels: Sequence[str | None], minimum: int) -> list[str]:
    """Give the areas of which a known total less what is published inside it shows fewer than the minimum, from the labels alone."""
    totals: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for point, label in zip(points, labels, strict=True):
        chain = own_areas(point)
        for at, area in enumerate(chain):
            totals[area] += 1
            inside[area] += label in chain[:at]
    return [area for area in totals if inside[area] and 0 < totals[area] - inside[area] < minimum]


def own_areas(point: bytes | None) -> list[str]:
    """Give every area and whole square that a point lies in, from small to large, by plain arithmetic."""
    if point is None:
        return ["missing", "*"]
    where = shapely.from_wkb(point)
    east, north = int(where.x // 100), int(where.y // 100)
    code = ["BU00000101", "BU00000102", "BU00000201", "BU00000201"][int((where.x - 120_000) // 450)]
    small, large = f"100m E{east:04d}N{north:04d}", f"500m E{east // 5 * 5:04d}N{north // 5 * 5:04d}"
    return [f"{small} {code}", small, f"{large} {code}", large, f"buurt {code}", f"wijk WK{code[2:8]}", "gemeente GM0000", "*"]


def test_dense_and_thin_beside_each_other(folder: Path) -> None:
    """The 8 of the first square would leave 3 in its square of 500 m, and those 11 would leave 3 in the neighbourhood; the 9 stay alone."""
    points = scattered([(0, 0, 8), (3, 3, 3), (3, 9, 3), (9, 9, 9)])
    steps = [Counter(step.to_pylist()) for step in fitted(folder, points).labels(pa.array(points, pa.binary()))]
    assert steps[0] == {"buurt BU00000101": 14, "100m E1209N4809 BU00000201": 9}
    assert steps[1] == {"buurt BU00000101": 14, "500m E1205N4805 BU00000201": 9}
    assert steps[3] == {"wijk WK000001": 14, "wijk WK000002": 9}
    assert steps[5] == {"*": 23}


def test_the_areas_of_a_file(folder: Path) -> None:
    areas = read_areas(folder / "buurten.geojson", "buurten.geojson", field="buurtcode", layer=None, smallest="buurt")
    points = shapely.points([120_449, 120_450, 120_451, 119_999], [480_500] * 4)
    # A point on a border belongs to the lowest code.
    assert areas.around(points).to_pylist() == ["00000101", "00000101", "00000102", None]


def test_areas_in_degrees(tmp_path: Path) -> None:
    import pyproj

    to = pyproj.Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True).transform
    box = shapely.transform(shapely.box(120_000, 480_000, 121_000, 481_000), lambda points: np.column_stack(to(points[:, 0], points[:, 1])))
    feature = {"type": "Feature", "properties": {"code": "GM0000"}, "geometry": shapely.geometry.mapping(box)}
    (tmp_path / "g.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    areas = read_areas(tmp_path / "g.geojson", "g.geojson", field="code", layer=None, smallest="gemeente")
    assert areas.around(shapely.points([120_500, 121_500], [480_500, 480_500])).to_pylist() == ["0000", None]


def test_a_file_with_areas_that_cannot_be_used(tmp_path: Path) -> None:
    town(tmp_path)
    (tmp_path / "leeg.geojson").write_text("geheim", encoding="utf-8")
    cases = {
        "weg.geojson": ("buurtcode", "buurt", "hierarchy.areas-unreadable"),
        "leeg.geojson": ("buurtcode", "buurt", "hierarchy.areas-unreadable"),
        "buurten.geojson": ("buurtkode", "buurt", "hierarchy.areas-field"),
    }
    for name, (field, smallest, code) in cases.items():
        with pytest.raises(ConfigurationError) as caught:
            read_areas(tmp_path / name, name, field=field, layer=None, smallest=smallest)
        assert caught.value.problems[0].code == code
        assert "geheim" not in caught.value.problems[0].nl
    text = (tmp_path / "buurten.geojson").read_text(encoding="utf-8").replace("BU00000102", "WK000001")
    (tmp_path / "wijken.geojson").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_areas(tmp_path / "wijken.geojson", "wijken.geojson", field="buurtcode", layer=None, smallest="buurt")
    assert [problem.code for problem in caught.value.problems] == ["hierarchy.areas-code"]
    assert "Gebied 2" in caught.value.problems[0].nl


def test_one_of_several_layers_is_named(tmp_path: Path) -> None:
    import pyogrio.raw

    for layer, code in (("buurten", "BU00000101"), ("wijken", "WK000001")):
        shape = np.array([shapely.to_wkb(shapely.box(120_000, 480_000, 121_000, 481_000))], dtype=object)
        pyogrio.raw.write(
            tmp_path / "wb.gpkg",
            shape,
            [np.array([code], dtype=object)],
            np.array(["code"]),
            layer=layer,
            driver="GPKG",
            crs="EPSG:28992",
            geometry_type="Polygon",
            append=(tmp_path / "wb.gpkg").exists(),
        )
    with pytest.raises(ConfigurationError) as caught:
        read_areas(tmp_path / "wb.gpkg", "wb.gpkg", field="code", layer=None, smallest="buurt")
    assert caught.value.problems[0].code == "hierarchy.areas-layer"
    areas = read_areas(tmp_path / "wb.gpkg", "wb.gpkg", field="code", layer="buurten", smallest="buurt")
    assert areas.codes.to_pylist() == ["00000101"]


@pytest.mark.parametrize(
    "keys",
    [
        {"levels": ["buurt"], "minimum": 5},
        {"levels": ["100m"], "minimum": 5, "areas": "x.geojson", "code": "c"},
        {"levels": ["500m", "100m"], "minimum": 5},
        {"levels": ["100m"], "minimum": 1},
        {"levels": [], "minimum": 5},
        {"levels": ["100m"]},
    ],
)
def test_what_may_not_be_declared(keys: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declared(**keys)


# The whole way of micro-data.


def rows_of(seed: int, count: int) -> list[list[Any]]:
    chance = random.Random(seed)
    centre = [(chance.uniform(120_050, 121_300), chance.uniform(480_050, 480_950)) for _ in range(4)]
    found = []
    for at in range(count):
        x, y = chance.choice(centre) if at % 20 else (chance.uniform(120_001, 121_349), chance.uniform(480_001, 480_999))
        spread = 60 if at % 20 else 0
        point = shapely.Point(min(max(chance.gauss(x, spread), 120_001), 121_349), min(max(chance.gauss(y, spread), 480_001), 480_999))
        found.append([shapely.to_wkb(point), chance.randint(18, 95), chance.choice("AB")])
    return found


AREA = {"type": "area", "levels": EVERY, "minimum": 5, "areas": "buurten.geojson", "code": "buurtcode"}
AGES = {"type": "interval", "widths": [40], "levels": ["40 jaar", "any"]}


def test_points_in_micro_data(workshop: Any) -> None:
    town(workshop.folder)
    columns = workshop.columns(plek="geometry quasi", leeftijd="integer quasi", soort="string open")
    area = {**AREA, "levels": EVERY[:3]}
    policy = workshop.privacy(
        kind="microdata", columns={"plek": {"hierarchy": area}, "leeftijd": {"hierarchy": AGES}}, model={"k": 5, "suppression_limit": 0.1}
    )
    done = workshop.protect(columns, rows_of(1, 900), policy, crs="EPSG:28992")
    rows = workshop.rows(done)
    assert len(rows) >= 810
    assert min(Counter(row["plek"] for row in rows).values()) >= 5
    assert min(Counter((row["plek"], row["leeftijd"]) for row in rows).values()) >= 5
    assert len({row["plek"].split()[0] for row in rows}) > 1
    plek = next(column for column in done.table.columns if column.name == "plek")
    assert (plek.type, plek.level) == ("string", EVERY[done.report["transformation"]["plek"] - 1])
    assert done.report["transformation"]["plek"] >= 1
    assert "buurten.geojson" in done.report["digests"]["hierarchies"]
    shuffled = workshop.protect(columns, random.Random(3).sample(rows_of(1, 900), 900), policy, crs="EPSG:28992")
    assert shuffled.table.path.read_bytes() == done.table.path.read_bytes()


def test_a_point_is_never_published_as_it_is(workshop: Any) -> None:
    town(workshop.folder)
    columns = workshop.columns(plek="geometry quasi")
    same = [shapely.to_wkb(shapely.Point(120_500, 480_500))]
    policy = workshop.privacy(kind="microdata", columns={"plek": {"hierarchy": AREA}}, model={"k": 5})
    done = workshop.protect(columns, [same] * 20, policy, crs="EPSG:28992")
    assert {row["plek"] for row in workshop.rows(done)} == {"100m E1205N4805 BU00000102"}


def test_areas_that_lose_rows_to_another_column_are_not_published(workshop: Any) -> None:
    """k = 2 leaves out the odd ages; then 4 of the 10 rows of a square are left, which is fewer than its minimum."""
    columns = workshop.columns(plek="geometry quasi", leeftijd="integer quasi")
    point = shapely.to_wkb(shapely.Point(120_500, 480_500))
    rows = [[point, age] for age in (30, 30, 40, 40, 1, 2, 3, 4, 5, 6)]
    area = {"type": "area", "levels": ["100m"], "minimum": 6}
    policy = workshop.privacy(kind="microdata", columns={"plek": {"hierarchy": area}}, model={"k": 2, "suppression_limit": 0.6})
    done = workshop.protect(columns, rows, policy, crs="EPSG:28992")
    assert done.table is None
    assert [(problem.code, problem.place.path) for problem in done.problems] == [
        ("anonymise.area-thinned", "privacy.columns.plek.hierarchy.minimum")
    ]


def test_the_proof_counts_labels(tmp_path: Path) -> None:
    pq.write_table(pa.table({"plek": ["a"] * 5 + ["b"] * 4 + [None] * 5}), tmp_path / "t.parquet")
    assert [problem.code for problem in thinned(tmp_path / "t.parquet", {"plek": 5})] == ["anonymise.area-thinned"]
    assert list(thinned(tmp_path / "t.parquet", {"plek": 4})) == []


def test_too_few_rows_are_told_without_their_place(workshop: Any) -> None:
    columns = workshop.columns(plek="geometry quasi")
    rows = [[shapely.to_wkb(shapely.Point(120_500 + 5000 * at, 480_500))] for at in range(8)]
    area = {"type": "area", "levels": ["100m", "500m"], "minimum": 5}
    policy = workshop.privacy(kind="microdata", columns={"plek": {"hierarchy": area}}, model={"k": 5})
    done = workshop.protect(columns, rows, policy, crs="EPSG:28992")
    assert done.table is None
    assert [problem.code for problem in done.problems] == ["hierarchy.area-minimum"]
    assert done.problems[0].place.path == "privacy.columns.plek.hierarchy"


def test_a_point_outside_every_area_is_told_by_its_row(workshop: Any) -> None:
    town(workshop.folder)
    columns = workshop.columns(plek="geometry quasi")
    inside, outside = (shapely.to_wkb(shapely.Point(x, 480_500)) for x in (120_500, 150_000))
    policy = workshop.privacy(kind="microdata", columns={"plek": {"hierarchy": AREA}}, model={"k": 2})
    done = workshop.protect(columns, [[inside], [inside], [outside], *[[inside]] * 9], policy, crs="EPSG:28992")
    assert [problem.code for problem in done.problems] == ["anonymise.misfit"]
    assert "rij 3" in done.problems[0].nl
    gone = workshop.protect(columns, [[inside], [inside], [outside], *[[inside]] * 9], policy, crs="EPSG:28992", exclude=frozenset({3}))
    assert len(workshop.rows(gone)) == 11


def test_squares_in_a_table(workshop: Any) -> None:
    columns = workshop.columns(plek="geometry quasi")
    rows = [[row[0]] for row in rows_of(2, 200)]
    policy = workshop.privacy(
        kind="frequency", dimensions={"plek": {"hierarchy": {"type": "grid", "levels": ["500m"]}}}, rules={"min_count": 5}
    )
    done = workshop.protect(columns, rows, policy, crs="EPSG:28992")
    counted = Counter(own_areas(row[0])[3].split()[1] for row in rows)
    assert {row["plek"]: row["aantal"] for row in workshop.rows(done)} == {
        square: count if count >= 5 else None for square, count in counted.items()
    }


def test_a_point_itself_is_no_dimension(workshop: Any) -> None:
    columns = workshop.columns(plek="geometry open")
    policy = workshop.privacy(
        kind="frequency", dimensions={"plek": {"hierarchy": {"type": "grid", "levels": ["500m"]}, "level": 0}}, rules={"min_count": 5}
    )
    done = workshop.protect(columns, [[row[0]] for row in rows_of(2, 20)], policy, crs="EPSG:28992")
    assert [problem.code for problem in done.problems] == ["anonymise.dimension-identifies"]


def test_quantiles_in_micro_data(workshop: Any) -> None:
    columns = workshop.columns(inkomen="integer quasi")
    rows = [[income] for income in random.Random(5).sample(range(10_000, 90_000), 400)]
    ladder = {"type": "interval", "quantiles": [8, 4, 2], "rounding": 1000}
    policy = workshop.privacy(kind="microdata", columns={"inkomen": {"hierarchy": ladder}}, model={"k": 40})
    done = workshop.protect(columns, rows, policy)
    counts = Counter(row["inkomen"] for row in workshop.rows(done))
    assert len(counts) == 8
    assert min(counts.values()) >= 40
