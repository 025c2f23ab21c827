"""The static portal: pages, files and catalogue in one folder that any web server can show, and that can be read from a disk too.

The folder is a link to a generation (`publication.site.generation`). A municipality that lays a file `tokens.css` in the portal's folder
of the home (`portals/<name>/tokens.css`) gives the pages its own colours and letters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from config.errors import Message, PortalError
from config.models.municipality import PortalOptions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from publication.portals.base import Change, Plan, PortalEntry, PortalPlace, Seen, Wanted

DISK = Message(
    "site.disk",
    nl="de site kon niet worden geschreven ({kind}); de vorige site blijft staan. Kijk naar ruimte en rechten van de map van de uitvoer.",
    en="the site could not be written ({kind}); the previous site stays. See to the space and permissions of the output folder.",
)
STILL = Message(
    "site.still-there",
    nl="de site laat {dataset} nog zien zoals het niet meer hoort; draai: vrijgave site build",
    en="the site still shows {dataset} as it should not; run: vrijgave site build",
)


class Options(PortalOptions):
    """Options of the static portal."""

    kind: Literal["site"]


def open_portal(options: Options, place: PortalPlace) -> SitePortal:
    """Open the static portal of a home."""
    return SitePortal(options, place)


class SitePortal:
    """The static portal of one home."""

    kind: ClassVar[str] = "site"
    accepts_demo_keys: ClassVar[bool] = True

    def __init__(self, options: Options, place: PortalPlace) -> None:
        from publication.site.generation import Store

        self.options = options
        self._store = Store(place.folder, place.link)
        self._tokens = place.folder / "tokens.css"

    def plan(self, wanted: Wanted) -> Plan:
        """Compare what should be public with the site that is up; writes nothing."""
        from publication.portals.base import Plan
        from publication.site import generation

        current = self._store.current()
        told = generation.listing(current) if current else None
        held: dict[str, Any] = told["datasets"] if told else {}
        changes = {entry.description.id: _change(entry, held.get(entry.description.id)) for entry in wanted.entries}
        changes |= {name: _gone(name, held[name]) for name in held if name not in changes}
        return Plan(tuple(changes[name] for name in sorted(changes)), wanted, generation.digest(wanted, self._look()))

    def apply(self, plan: Plan) -> None:
        """Build the planned generation unless it is there whole, switch to it, and remove what is older than the previous one.

        Raises:
            PortalError: the disk refuses, or the new site does not read back as written; the old one stays up.
        """
        from publication.site import generation

        store = self._store
        try:
            generation.clear(store)
            before = store.current()
            made = generation.find(store, plan.generation) or generation.build(store, plan.wanted, plan.generation, self._look())
            generation.switch(store, made)
            generation.prune(store, before, plan.wanted)
        except OSError as error:
            raise PortalError(DISK.at(kind=type(error).__name__)) from None

    def withdraw(self, plan: Plan, dataset: str) -> None:
        """Switch to a site without it, and remove every generation that still has it.

        Raises:
            PortalError: it is still there.
        """
        self.apply(plan)
        if dataset not in self.verify(plan):
            raise PortalError(STILL.at(dataset=dataset))

    def verify(self, plan: Plan) -> dict[str, Seen]:
        """Read every planned dataset as a visitor; one that is not as planned is left out."""
        from publication.site.visit import visit

        base = plan.wanted.publisher.base_uri
        found = {entry.description.id: visit(self._store.link, entry.description.id, base) for entry in plan.wanted.entries}
        expected = {entry.description.id: _expected(entry) for entry in plan.wanted.entries}
        return {name: seen for name, seen in found.items() if seen and (seen.version, dict(seen.digests)) == expected[name]}

    def _look(self) -> bytes | None:
        return self._tokens.read_bytes() if self._tokens.is_file() else None


def _expected(entry: PortalEntry) -> tuple[str | None, dict[str, str]]:
    """Give the version and the digests that a visitor should see."""
    if not entry.releases:
        return None, {}
    newest = entry.releases[0].manifest
    return newest.version, {file.name: file.sha256 for file in newest.distributions}


def _change(entry: PortalEntry, held: dict[str, Any] | None) -> Change:
    """Say what changes for a dataset that should be there."""
    from publication.portals.base import Change
    from publication.site.generation import entry_digest

    name = entry.description.id
    before = held["version"] if held else None
    after = entry.releases[0].manifest.version if entry.releases else None
    new = {release.manifest.version: [file.name for file in release.files] for release in entry.releases}
    old = {version: told["files"] for version, told in held["releases"].items()} if held else {}
    files = tuple(_files(old, new))
    if held and held["entry"] == entry_digest(entry):
        return Change(name, "unchanged", before, after, files)
    if before == after:
        return Change(name, "describe" if held else "add", before, after, files)
    if after is None:
        return Change(name, "remove", before, after, files)
    return Change(name, "update" if before else "add", before, after, files)


def _gone(name: str, held: dict[str, Any]) -> Change:
    """Say what changes for a dataset that should no longer be there at all."""
    from publication.portals.base import Change

    old = {version: told["files"] for version, told in held["releases"].items()}
    return Change(name, "remove", held["version"], None, tuple(_files(old, {})))


def _files(old: dict[str, list[str]], new: dict[str, list[str]]) -> Iterator[str]:
    """Give every file as ``version/name`` with what happens to it in front."""
    before = {f"{version}/{file}" for version, files in old.items() for file in files}
    after = {f"{version}/{file}" for version, files in new.items() for file in files}
    for file in sorted(before | after):
        mark = "=" if file in before & after else "+" if file in after else "-"
        yield f"{mark}{file}"
