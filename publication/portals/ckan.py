"""A CKAN portal: every dataset as a package, its files as resources, its rows in the DataStore, changed by one call a dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal

from pydantic import Field

from config.errors import Message, PortalError
from config.models.base import SecretRef  # noqa: TC001 - pydantic resolves it
from config.models.municipality import PortalOptions
from config.secrets import resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.errors import Problem
    from publication.ckan.api import Api
    from publication.ckan.dataset import Bringer
    from publication.ckan.shape import Schema
    from publication.ckan.target import Choices, Target
    from publication.portals.base import Change, Plan, PortalEntry, PortalPlace, Seen, Wanted

PAGE: Final = 1000
"""Datasets a request; the most that CKAN gives."""
STILL = Message(
    "ckan.still-there",
    nl="CKAN laat van {dataset} nog zien wat is ingetrokken ({what}). Draai: vrijgave run. Blijft het staan, dan kan de beheerder het "
    "weghalen: {command}",
    en="CKAN still shows of {dataset} what was withdrawn ({what}). Run: vrijgave run. If it stays, the administrator can remove it: "
    "{command}",
)


class Options(PortalOptions):
    """Options of a CKAN portal.

    Attributes:
        url: the address of the site, or ``${NAME}``.
        token: an API token, only as ``${NAME}``.
        organization: the name of the organisation in CKAN that owns the datasets.
        keep: how many earlier versions stay downloadable; without it all do.
        max_upload: megabytes that the portal takes; a larger file is linked to the static portal.
        datastore: whether rows go into the DataStore, for previews and the data API.
        edits: what becomes of a field that somebody changed in CKAN: `keep` it and say so, or `overwrite` it.
        pause: seconds between requests, for a portal that limits them.
    """

    kind: Literal["ckan"]
    url: str
    token: SecretRef
    organization: str
    keep: Annotated[int, Field(ge=0)] | None = None
    max_upload: Annotated[int, Field(ge=0)] = 10
    datastore: bool = True
    edits: Literal["keep", "overwrite"] = "keep"
    pause: Annotated[float, Field(ge=0, le=60)] = 0.0


def open_portal(options: Options, place: PortalPlace) -> CkanPortal:
    """Open a CKAN portal; nothing is asked of it yet."""
    return CkanPortal(options, place)


class CkanPortal:
    """One CKAN portal."""

    kind: ClassVar[str] = "ckan"
    accepts_demo_keys: ClassVar[bool] = False

    def __init__(self, options: Options, place: PortalPlace) -> None:
        from publication.ckan.api import Api
        from publication.ckan.target import Choices

        self.options = options
        token = resolve(options.token, place.secrets)
        self._api: Api = Api(resolve(options.url, place.secrets), token, pause=options.pause)
        self._visitor: Api = self._api.visitor()
        self._sent = place.folder / "sent"
        self._choices: Choices = Choices(
            options.organization, options.keep, options.max_upload << 20, options.datastore, options.edits == "overwrite"
        )
        self._schema: Schema | None = None

    def plan(self, wanted: Wanted) -> Plan:
        """Compare every dataset, field by field and file by file, with what CKAN shows; one request a thousand datasets."""
        from publication.ckan.target import identifier
        from publication.portals.base import Plan

        held = {identifier(each): each for each in self._listed(self._api)}
        changes = [self._change(entry, held, wanted) for entry in wanted.entries]
        return Plan(tuple(change for change in changes if change), wanted)

    def apply(self, plan: Plan) -> None:
        """Bring every dataset that differs to what it should be, one by one.

        Raises:
            PortalError: some could not be brought there; the others were.
        """
        problems: list[Problem] = []
        changed = {change.dataset for change in plan.changes if change.change != "unchanged"}
        bringer = self._bringer() if changed else None
        for entry in plan.wanted.entries:
            if bringer is None or entry.description.id not in changed:
                continue
            try:
                self._bring(bringer, self._target(plan.wanted, entry))
            except PortalError as error:
                problems += error.problems
        if problems:
            raise PortalError(*problems)

    def withdraw(self, plan: Plan, dataset: str) -> None:
        """Take what was withdrawn of one dataset off, and look whether it is gone: files, table, search.

        Raises:
            PortalError: the portal cannot be reached, or still shows it.
        """
        entry = next((entry for entry in plan.wanted.entries if entry.description.id == dataset), None)
        if entry is None:
            return
        wanted = self._target(plan.wanted, entry)
        self._bring(self._bringer(), wanted)
        left = self._left(wanted)
        if left:
            raise PortalError(STILL.at(dataset=dataset, what=", ".join(left), command=f"ckan dataset purge {dataset}"))

    def verify(self, plan: Plan) -> dict[str, Seen]:
        """Read back as a visitor: what changed is downloaded whole; of the rest one listing tells version and checksums."""
        from publication.ckan.target import identifier

        changed = {change.dataset for change in plan.changes if change.change != "unchanged"}
        listed = {identifier(each): each for each in self._listed(self._visitor)}
        found = {}
        for entry in plan.wanted.entries:
            wanted = self._target(plan.wanted, entry)
            shown = listed.get(wanted.iri)
            seen = self._seen(wanted, shown, whole=entry.description.id in changed) if shown else None
            if seen is not None:
                found[entry.description.id] = seen
        return found

    def _bringer(self) -> Bringer:
        from publication.ckan.dataset import Bringer

        return Bringer(self._api, self._known_schema(), self._choices)

    def _known_schema(self) -> Schema:
        if self._schema is None:
            from publication.ckan.shape import schema_of

            self._schema = self._asked(lambda: schema_of(self._visitor))
        return self._schema

    def _target(self, wanted: Wanted, entry: PortalEntry) -> Target:
        from publication.ckan.target import target

        return target(wanted.publisher, entry, self._known_schema(), self._choices)

    def _bring(self, bringer: Bringer, wanted: Target) -> None:
        """Bring a dataset, and keep what was sent, by which a change by hand is known later."""
        from engine.files import write_atomic

        told = self._remembered(wanted.id)
        package, fields = bringer.bring(wanted, told.get("id"), told.get("fields"))
        self._sent.mkdir(parents=True, exist_ok=True)
        content = {"schema": "ckan-sent/1", "id": package, "fields": fields}
        write_atomic(self._sent / f"{wanted.id}.json", json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def _remembered(self, dataset: str) -> dict[str, Any]:
        try:
            told: dict[str, Any] = json.loads((self._sent / f"{dataset}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return told

    def _listed(self, api: Api) -> Iterator[dict[str, Any]]:
        """Give the datasets of the organisation as an account sees them."""
        query = {"fq": f"organization:{self.options.organization}", "rows": PAGE, "sort": "name asc", "include_private": api is self._api}
        start = 0
        while True:
            page = self._asked(lambda start=start: api.call("package_search", {**query, "start": start}))
            yield from page["results"]
            start += PAGE
            if start >= page["count"]:
                return

    def _asked(self, question: Any) -> Any:
        """Ask something that changes nothing, again and again where the portal does not answer."""
        import time

        from publication.ckan.api import DENIED, Absent, Denied, Refused, Transient, unreachable
        from publication.ckan.dataset import LONGEST, TRIES

        what = "?"
        for attempt in range(TRIES):
            try:
                return question()
            except Transient as trouble:
                what = trouble.what
                if attempt + 1 < TRIES:
                    time.sleep(min(trouble.after if trouble.after is not None else 0.5 * 2.0**attempt, LONGEST))
            except Denied as denied:
                told = DENIED.at(url=self._api.url, action=str(denied), organization=self.options.organization)
                raise PortalError(told) from None
            except (Absent, Refused) as error:
                raise unreachable(self._api, type(error).__name__, attempt + 1) from None
        raise unreachable(self._api, what, TRIES)

    def _change(self, entry: PortalEntry, held: Mapping[str | None, Mapping[str, Any]], wanted: Wanted) -> Change | None:
        from publication.ckan.target import VERSION, differences
        from publication.portals.base import Change, FieldChange

        told = self._target(wanted, entry)
        seen = held.get(told.iri)
        after = entry.releases[0].manifest.version if entry.releases else None
        found = list(differences(seen, told, self._remembered(told.id).get("fields")))
        if seen is None and after is None:
            return None
        fields = tuple(FieldChange(each.field, each.before, each.after, kept=each.edited and not self._choices.overwrite) for each in found)
        there = {each["id"]: each for each in (seen or {}).get("resources", ()) if each.get(VERSION)}
        known = {file.id for file in told.files}
        files = [f"{'=' if file.id in there else '+'}{_shown(file)}" for file in told.files]
        files += [f"-{each.get('name')}" for identifier, each in there.items() if identifier not in known]
        before = (seen or {}).get("version") if there else None
        kind: Literal["add", "update", "describe", "remove", "unchanged"]
        if all(each.kept for each in fields):
            kind = "unchanged"
        elif after is None:
            kind = "remove"
        elif seen is None:
            kind = "add"
        else:
            kind = "describe" if before == after and not any(file[0] in "+-" for file in files) else "update"
        return Change(told.id, kind, before, after, tuple(files), fields)

    def _seen(self, wanted: Target, shown: Mapping[str, Any], *, whole: bool) -> Seen | None:
        """Say what a visitor sees of a dataset; None where it is not as it should be."""
        from publication.ckan import tables
        from publication.ckan.target import table_of
        from publication.portals.base import Seen

        there = {each["id"]: each for each in shown["resources"]}
        location = f"{self._api.url}/dataset/{shown['name']}"
        if not wanted.files:
            return None if self._left(wanted) else Seen(None, {}, location)
        digests = {}
        for file in wanted.current:
            each = there.get(file.id)
            if each is None:
                return None
            digests[file.facts.name] = str(each.get("hash"))
            if whole and not file.linked:
                digests[file.facts.name] = str(self._asked(lambda each=each: self._visitor.digest(each["url"])))
        table = table_of(wanted)
        release = wanted.current[0].release
        if whole and self._choices.datastore and table and not self._asked(lambda: tables.holds(self._visitor, table, release)):
            return None
        return Seen(str(shown.get("version") or ""), digests, location)

    def _left(self, wanted: Target) -> list[str]:
        """Name what a visitor can still see of what should be gone."""
        from publication.ckan.target import VERSION, identifier

        shown = next((each for each in self._listed(self._visitor) if identifier(each) == wanted.iri), None)
        known = {file.id for file in wanted.files}
        left = [each for each in (shown or {}).get("resources", ()) if each.get(VERSION) and each["id"] not in known]
        return [str(each.get("name")) for each in left]


def _shown(file: Any) -> str:
    """Give a file in a plan, with its version, and where it will be when it is too large to upload."""
    return f"{file.facts.name} {file.release.manifest.version}{' → ' + file.told['url'] if file.linked else ''}"
