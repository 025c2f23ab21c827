"""What a rule can say: a message that also knows which property it is about and where the profile asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import Message

if TYPE_CHECKING:
    from config.errors import Severity


class Check(Message):
    """A sentence of a rule, declared once beside the rule; the list of rules in the docs is made from these.

    Attributes:
        props: the properties it can be about, as ``dcat:theme``; empty where it is about a resource as a whole, or any property.
        source: where the profile or law says so.
        whole: whether it takes the whole catalogue to tell, so that it is looked at anew each time.
    """

    checks: list[Check] = []  # noqa: RUF012 - the registry of the class, as in Message

    def __init__(
        self, code: str, *, nl: str, en: str, props: str = "", source: str, severity: Severity = "error", whole: bool = False
    ) -> None:
        super().__init__(f"catalogue.{code}", nl=nl, en=en, severity=severity)
        self.props = tuple(props.split())
        self.source = source
        self.whole = whole
        self.checks.append(self)
