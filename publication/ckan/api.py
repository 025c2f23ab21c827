"""The only place that speaks to CKAN: its action API by ckanapi, files streamed, errors told apart and without the portal's own text.

A portal's error text may quote a row that it refused, so none of it goes further than this module; names of metadata fields do.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from config.errors import Message, PortalError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import requests

UNREACHABLE = Message(
    "ckan.unreachable",
    nl="CKAN op {url} antwoordt niet zoals het hoort ({what}), ook niet na {times} keer proberen. Er is niets half gepubliceerd; de "
    "volgende run gaat verder. Kijk of de site werkt: {url}/api/action/status_show",
    en="CKAN at {url} does not answer as it should ({what}), after {times} tries. Nothing is half published; the next run goes on. See "
    "whether the site works: {url}/api/action/status_show",
)
DENIED = Message(
    "ckan.denied",
    nl="CKAN op {url} staat {action} niet toe. Is het token verlopen, en is het van een redacteur van de organisatie {organization}? "
    "Maak een nieuw token op {url}/user en zet het waar municipality.yaml naar verwijst.",
    en="CKAN at {url} does not allow {action}. Has the token expired, and is it of an editor of the organisation {organization}? Make a "
    "new token at {url}/user and put it where municipality.yaml points.",
)
REFUSED = Message(
    "ckan.refused",
    nl="CKAN op {url} weigert {action} van {dataset}: het schema van dat portaal is het niet eens met {fields}. Pas de omschrijving aan, "
    "of het schema van het portaal.",
    en="CKAN at {url} refuses {action} of {dataset}: the schema of that portal does not agree with {fields}. Change the description, or "
    "the portal's schema.",
)
READ, WRITE = (10, 60), (10, 600)
"""Seconds to wait: for a connection, and for an answer."""
BLOCK: Final = 1 << 20
UNKNOWN_ACTION: Final = "HTTP 400"
"""What CKAN answers to an action that none of its extensions has."""
READS: Final = frozenset({"package_show", "resource_show", "package_search", "datastore_search"})
READ_TRIES: Final = 3
TOO_MANY, TOO_LARGE, SERVER_FAULT = 429, 413, 500


class Transient(Exception):  # noqa: N818 - it is no fault of ours: the same again may do
    """The portal did not answer, or said that it cannot now; what was asked may have been done, or not.

    Attributes:
        what: the kind of failure, as a class or a status, never a text of the portal.
        after: seconds after which the portal wants to be asked again; None where it does not say.
    """

    def __init__(self, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.after = after


class Refused(Exception):  # noqa: N818 - the caller decides whether it is an error
    """The portal does not accept what was sent; `fields` are the names that it complains of."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class Absent(Exception):  # noqa: N818 - often what is hoped for
    """What was asked for is not there."""


class Denied(Exception):  # noqa: N818 - the caller decides whether it is an error
    """The token does not allow it."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send.

    Attributes:
        name: how it is called at the portal.
        field: the name under which the action expects it.
    """

    path: Path
    name: str
    media_type: str
    field: str = "upload"


class Api:
    """The actions of one portal.

    Attributes:
        url: its address, without a slash at the end.
        calls: how many requests were made.
    """

    def __init__(self, url: str, token: str | None, *, pause: float = 0.0, session: requests.Session | None = None) -> None:
        import requests as library
        from ckanapi import RemoteCKAN

        self.url = url.rstrip("/")
        self.calls = 0
        self._token = token
        self._pause = pause
        self._session = session or library.Session()
        self._wait: float | None = None
        self._session.hooks["response"].append(self._heard)
        self._remote = RemoteCKAN(self.url, apikey=token, user_agent="vrijgave", session=self._session)

    def call(self, action: str, data: Mapping[str, Any] | None = None, *, upload: Upload | None = None) -> Any:
        """Do an action and give its result; one that only reads is asked again where the portal does not answer.

        Raises:
            Transient, Refused, Absent, Denied: it was not done, as far as is known.
        """
        for attempt in range(READ_TRIES - 1 if action in READS else 0):
            try:
                return self._call(action, data)
            except Transient as trouble:
                time.sleep(trouble.after if trouble.after is not None else float(attempt + 1))
        return self._call(action, data, upload=upload)

    def _heard(self, answer: requests.Response, **_more: Any) -> None:
        """Keep when the portal wants to be asked again, which ckanapi does not tell."""
        self._wait = _after(answer.headers.get("Retry-After"))

    def _call(self, action: str, data: Mapping[str, Any] | None = None, *, upload: Upload | None = None) -> Any:
        import requests as library
        from ckanapi import errors

        self._counted()
        try:
            if upload is not None:
                return self._sent(action, dict(data or {}), upload)
            return self._remote.call_action(action, dict(data or {}), requests_kwargs={"timeout": WRITE})
        except errors.NotAuthorized:
            raise Denied(action) from None
        except errors.NotFound:
            raise Absent(action) from None
        except errors.ValidationError as error:
            raise Refused(_fields(error.error_dict)) from None
        except (errors.SearchIndexError, errors.SearchError, errors.SearchQueryError) as error:
            raise Transient(type(error).__name__) from None
        except errors.CKANAPIError as error:
            raise self._unknown(error) from None
        except library.RequestException as error:
            raise Transient(type(error).__name__) from None

    def _sent(self, action: str, data: dict[str, Any], upload: Upload) -> Any:
        """Send a form with a file that is read as it goes."""
        from ckanapi.common import reverse_apicontroller_action
        from requests_toolbelt import MultipartEncoder

        url = f"{self.url}/api/action/{action}"
        with upload.path.open("rb") as file:
            form = MultipartEncoder(
                {**{name: str(value) for name, value in data.items()}, upload.field: (upload.name, file, upload.media_type)}
            )
            answer = self._session.post(url, data=form, headers=self._headers(form.content_type), timeout=WRITE, allow_redirects=False)
        if answer.status_code == TOO_LARGE:
            raise Refused((upload.field,))
        self._throw_if_transient(answer)
        return reverse_apicontroller_action(url, answer.status_code, answer.text)

    def _headers(self, content_type: str | None = None) -> dict[str, str]:
        told = {"Content-Type": content_type} if content_type else {}
        return {**told, **({"Authorization": self._token} if self._token else {}), "User-Agent": "vrijgave"}

    @staticmethod
    def _throw_if_transient(answer: requests.Response) -> None:
        if answer.status_code == TOO_MANY or answer.status_code >= SERVER_FAULT:
            raise Transient(str(answer.status_code), _after(answer.headers.get("Retry-After")))

    def _unknown(self, error: Exception) -> Transient:
        """Make sense of an answer that ckanapi does not know: its text is the address, the status and the body."""
        parts = str(error).split(", ")
        status = next((part for part in parts[1:2] if part.isdecimal()), "?")
        return Transient(f"HTTP {status}" if status != "200" else "success: false", self._wait)

    def digest(self, address: str, *, anonymous: bool = True) -> str | None:
        """Give the SHA-256 of what a visitor downloads (hexadecimal); None where there is nothing to download.

        Raises:
            Transient: the portal does not answer.
        """
        import requests as library

        self._counted()
        try:
            headers = {} if anonymous else self._headers()
            with (
                library.get(address, headers=headers, stream=True, timeout=READ)
                if anonymous
                else self._session.get(address, headers=headers, stream=True, timeout=READ) as answer
            ):
                self._throw_if_transient(answer)
                if answer.status_code != library.codes.ok:
                    return None
                found = hashlib.sha256()
                for block in answer.iter_content(BLOCK):
                    found.update(block)
                return found.hexdigest()
        except library.RequestException as error:
            raise Transient(type(error).__name__) from None

    def visitor(self) -> Api:
        """Give the same portal as somebody without an account sees it."""
        return Api(self.url, None, pause=self._pause)

    def _counted(self) -> None:
        self.calls += 1
        if self._pause:
            time.sleep(self._pause)


def _after(told: str | None) -> float | None:
    """Read Retry-After: seconds, or a moment."""
    if told is None:
        return None
    if told.isdecimal():
        return float(told)
    try:
        return max(parsedate_to_datetime(told).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return None


def _fields(errors: Any, prefix: str = "") -> tuple[str, ...]:
    """Give the names of the fields that a portal complains of, and none of what it says of them."""
    if not isinstance(errors, dict):
        return (prefix,) if prefix else ("?",)
    found: list[str] = []
    for name, value in errors.items():
        if name.startswith("__"):
            continue
        inner = (
            [value] if isinstance(value, dict) else [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
        )
        nested = [field for each in inner for field in _fields(each, f"{prefix}{name}.") if field != "?"]
        found += nested or [f"{prefix}{name}"]
    return tuple(dict.fromkeys(found))


def unreachable(api: Api, what: str, times: int) -> PortalError:
    """Give the error of a portal that did not answer."""
    return PortalError(UNREACHABLE.at(url=api.url, what=what, times=times))
