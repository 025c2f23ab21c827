"""The way of one dataset in CKAN: what is new is laid beside the old and checked, then one call switches, then the old is cleared away.

Every step can be repeated: a file has an id of its own that follows from its version, and the switch names the moment at which the dataset
was last looked at (`package_revise` with ``match``). So after a lost answer or a kill the next attempt looks again and goes on from there.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from config.errors import Message, PortalError
from publication.ckan import tables
from publication.ckan.api import DENIED, REFUSED, Absent, Denied, Refused, Transient, Upload, unreachable
from publication.ckan.target import DEPRECATED, VERSION, Target, differences, identifier, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from publication.ckan.api import Api
    from publication.ckan.shape import Schema
    from publication.ckan.target import Choices, File

TRIES: Final = 8
"""How many times a portal that does not answer is asked, with longer and longer pauses."""
LONGEST: Final = 60.0
PREPARED: Final = "http://purl.org/adms/status/UnderDevelopment"

CONTENDED = Message(
    "ckan.contended",
    nl="{dataset} verandert in CKAN telkens terwijl het wordt bijgewerkt. Werkt iemand eraan? De volgende run probeert het weer.",
    en="{dataset} keeps changing in CKAN while it is updated. Is somebody working on it? The next run tries again.",
)
TAKEN = Message(
    "ckan.name-taken",
    nl="in CKAN zijn de namen {name} en {other} al van een andere dataset. Geef de dataset een ander id, of laat de beheerder "
    "die hernoemen.",
    en="in CKAN the names {name} and {other} are of another dataset already. Give the dataset another id, or have the administrator rename "
    "those.",
)
UNSOUND = Message(
    "ckan.unsound",
    nl="CKAN geeft {file} van {dataset} anders terug dan het is verzonden. De oude versie blijft staan; de volgende run probeert het weer.",
    en="CKAN returns {file} of {dataset} other than it was sent. The old version stays; the next run tries again.",
)


@dataclass
class Bringer:
    """Brings datasets of one portal to what they should be.

    Attributes:
        progress: called with a dataset and what is being done.
        sleep: waits; a test may not.
    """

    api: Api
    schema: Schema
    choices: Choices
    progress: Callable[[str, str], None] = lambda _dataset, _what: None
    sleep: Callable[[float], None] = lambda seconds: time.sleep(seconds)  # noqa: PLW0108 - looked up when it is called

    def bring(self, wanted: Target, known: str | None, sent: Mapping[str, Any] | None) -> tuple[str, dict[str, Any]]:
        """Bring one dataset to what it should be; gives its id in CKAN and the fields that were sent.

        Args:
            wanted: how it should be.
            known: the id that it had in CKAN, where that is known.
            sent: the fields that were sent last.

        Raises:
            PortalError: it could not be done; what was public is still whole.
        """
        what = "?"
        for attempt in range(TRIES):
            try:
                return self._once(wanted, known, sent)
            except Transient as trouble:
                what = trouble.what
                pause = trouble.after if trouble.after is not None else 2.0**attempt * (0.5 + random.random())  # noqa: S311 - jitter
                if attempt + 1 < TRIES:
                    self.sleep(min(pause, LONGEST))
            except _MovedError:
                what = "changed"
            except Denied as denied:
                raise PortalError(DENIED.at(url=self.api.url, action=str(denied), organization=self.choices.organization)) from None
            except Refused as refused:
                fields = ", ".join(refused.fields)
                raise PortalError(REFUSED.at(url=self.api.url, action="de beschrijving", dataset=wanted.id, fields=fields)) from None
        if what == "changed":
            raise PortalError(CONTENDED.at(dataset=wanted.id))
        raise unreachable(self.api, what, TRIES)

    def _once(self, wanted: Target, known: str | None, sent: Mapping[str, Any] | None) -> tuple[str, dict[str, Any]]:
        seen = self.find(wanted, known)
        if seen is None:
            seen = self._created(wanted)
        changed = [self._placed(seen, file) for file in wanted.files]
        if self.choices.datastore:
            self._tabled(wanted)
        if any(changed):
            self._checked(wanted, [file for file, new in zip(wanted.files, changed, strict=True) if new])
        seen = self.api.call("package_show", {"id": seen["id"]})
        fields = self._ours(seen, wanted, sent)
        self._switched(seen, wanted, fields)
        self._cleared(seen["id"], wanted)
        return seen["id"], {**wanted.fields, **{name: value for name, value in fields.items() if name in wanted.fields}}

    def find(self, wanted: Target, known: str | None) -> dict[str, Any] | None:
        """Find a dataset by the id that it had, then by its identifier, whatever it is called; a deleted one is not found."""
        if known is not None:
            try:
                found: dict[str, Any] = self.api.call("package_show", {"id": known})
            except (Absent, Denied):
                pass
            else:
                if found.get("state") != "deleted":
                    return found
        for name in self._names(wanted):
            try:
                found = self.api.call("package_show", {"id": name})
            except (Absent, Denied):
                continue
            if identifier(found) == wanted.iri and found.get("state") != "deleted":
                return found
        return None

    def _names(self, wanted: Target) -> tuple[str, str]:
        return wanted.id, f"{self.choices.organization}-{wanted.id}"

    def _created(self, wanted: Target) -> dict[str, Any]:
        """Make a dataset that only editors see, under the first name that is free."""
        self.progress(wanted.id, "package_create")
        base = {**_sendable(wanted.fields), "private": True, "owner_org": self.choices.organization}
        for name in self._names(wanted):
            try:
                made: dict[str, Any] = self.api.call("package_create", {**base, "name": name})
            except Refused as refused:
                if refused.fields != ("name",):
                    raise
            else:
                return made
        name, other = self._names(wanted)
        raise PortalError(TAKEN.at(name=name, other=other))

    def _placed(self, seen: Mapping[str, Any], file: File) -> bool:
        """Send a file unless it is there whole; says whether it was sent. A file beside the old ones says that it is being prepared."""
        there = next((each for each in seen.get("resources", ()) if each["id"] == file.id), None)
        if there is not None and there.get("hash") == file.facts.sha256 and (file.linked or there.get("url_type") == "upload"):
            return False
        self.progress(file.release.manifest.dataset, file.facts.name)
        data = {**file.told, "id": file.id, "package_id": seen["id"], "status": PREPARED}
        if file.linked:
            self.api.call("resource_create", data)
            return False
        flat = {name: value for name, value in data.items() if isinstance(value, str | int)}
        upload = Upload(file.release.folder / file.facts.name, file.facts.name, file.facts.media_type)
        self.api.call("resource_create", flat, upload=upload)
        return True

    def _tabled(self, wanted: Target) -> None:
        """Load the rows of the current version beside its most readable file."""
        for file in wanted.current:
            if file.id == table_of(wanted) and not tables.holds(self.api, file.id, file.release):
                self.progress(wanted.id, "datastore")
                tables.load(self.api, file.id, file.release)
                if not tables.holds(self.api, file.id, file.release):
                    raise PortalError(UNSOUND.at(file=f"DataStore ({file.facts.name})", dataset=wanted.id))

    def _checked(self, wanted: Target, sent: list[File]) -> None:
        """Download what was sent, before anybody relies on it."""
        for file in sent:
            there = self.api.call("resource_show", {"id": file.id})
            if self.api.digest(there["url"], anonymous=False) != file.facts.sha256:
                self.api.call("resource_delete", {"id": file.id})
                raise PortalError(UNSOUND.at(file=file.facts.name, dataset=wanted.id))

    def _ours(self, seen: Mapping[str, Any], wanted: Target, sent: Mapping[str, Any] | None) -> dict[str, Any]:
        """Give the fields to send: not those that somebody changed by hand, unless they are to be changed back."""
        by_hand = {each.field for each in differences(seen, wanted, sent) if each.edited and not self.choices.overwrite}
        return {name: value for name, value in wanted.fields.items() if name not in by_hand or name in ESSENTIAL}

    def _switched(self, seen: Mapping[str, Any], wanted: Target, fields: Mapping[str, Any]) -> None:
        """Make the new version the one that the dataset shows, in one call, unless it is so already."""
        there = {each["id"]: each for each in seen["resources"]}
        if not {file.id for file in wanted.files} <= set(there):
            raise _MovedError
        ours = [{**there[file.id], **file.told, **({} if file.linked else {"url": there[file.id]["url"]})} for file in wanted.files]
        known = {file.id for file in wanted.files}
        retired = [{**each, "status": DEPRECATED} for each in seen["resources"] if each.get(VERSION) and each["id"] not in known]
        foreign = [each for each in seen["resources"] if not each.get(VERSION) and each["id"] not in known]
        if not any(differences(seen, Target(wanted.id, wanted.iri, dict(fields), wanted.files), None)):
            return
        self.progress(wanted.id, "package_revise")
        update = {**_sendable(fields, seen), "resources": [*ours, *foreign, *retired], "private": False}
        request = {
            "match": {"id": seen["id"], "metadata_modified": seen["metadata_modified"]},
            "filter": [f"-{name}" for name, value in update.items() if isinstance(value, list)],
            "update": update,
            "include": ["package__id"],
        }
        try:
            self.api.call("package_revise", request)
        except Refused as refused:
            if refused.fields == ("match",):
                raise _MovedError from None
            raise

    def _cleared(self, package: str, wanted: Target) -> None:
        """Take off what should not be there any more: its table, its file on the disk, its entry."""
        seen = self.api.call("package_show", {"id": package})
        table = table_of(wanted)
        known = {file.id for file in wanted.files}
        for each in seen["resources"]:
            if not each.get(VERSION) or each["id"] == table:
                continue
            if each.get("datastore_active"):
                tables.remove(self.api, each["id"])
            if each["id"] not in known:
                self.progress(wanted.id, f"resource_delete {each.get('name')}")
                self._emptied(each)
                self.api.call("resource_delete", {"id": each["id"]})

    def _emptied(self, resource: Mapping[str, Any]) -> None:
        """Have CKAN remove the uploaded file, which `resource_delete` leaves on the disk."""
        if resource.get("url_type") == "upload":
            self.api.call(
                "resource_patch", {"id": resource["id"], "clear_upload": "true", "url": "https://withdrawn.invalid/", "url_type": ""}
            )


ESSENTIAL: Final = frozenset({"version", "identifier", "uri", "license_id"})
"""Fields that are ours whatever an editor thinks of them."""


class _MovedError(Exception):
    """Somebody changed the dataset since it was looked at."""


def _sendable(fields: Mapping[str, Any], seen: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give fields as CKAN takes them: extras as pairs, those that are not ours kept."""
    found = dict(fields)
    extras = {each["key"]: each["value"] for each in (seen or {}).get("extras") or ()} | dict(found.pop("extras", {}))
    if extras:
        found["extras"] = [{"key": key, "value": value} for key, value in sorted(extras.items())]
    return found
