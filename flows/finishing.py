"""From candidate to portal: approvals, archive, ledger, switch, portals; every step can be repeated after a crash.

The order is rule 3 of the design: stage → verify → archive → ledger `intent` → switch → ledger `published`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import Message
from flows.context import made

if TYPE_CHECKING:
    from flows.context import Job, RunContext
    from publication.outcome import Outcome
    from publication.release import Release

WAITING = Message(
    "approval.waiting",
    nl="wacht op goedkeuring door {roles}: vrijgave approve {release} --as PERSOON --key BESTAND",
    en="waits for approval by {roles}: vrijgave approve {release} --as PERSON --key FILE",
)
REJECTED = Message(
    "approval.rejected",
    nl="deze gegevens met deze declaratie zijn afgewezen; pas de declaratie aan of wacht op nieuwe gegevens",
    en="these data under this declaration were rejected; change the declaration or wait for new data",
)
WITHDRAWN = Message(
    "withdrawn",
    nl="deze dataset is ingetrokken en blijft dat tot een besluit om haar te herstellen",
    en="this dataset was withdrawn and stays so until a decision to restore it",
)
