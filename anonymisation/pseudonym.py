"""Keyed pseudonyms: HMAC-SHA-256 of a value, under a key for this dataset and column only.

The key is HKDF (RFC 5869) of the secret with the dataset's id, the column and the rotation label, so a person's pseudonyms in two datasets,
two columns or two rotations have nothing in common for who does not have the secret. Without a label the fingerprint of the snapshot takes
its place: every release has pseudonyms of its own. So it does where there is no dataset (a loose file), label or not.

The value is encoded as a person types it, in Unicode's NFC, as UTF-8. A pseudonym is the first `length` hexadecimal characters.

A pseudonym is not anonymous (WP29, Opinion 05/2014 on anonymisation techniques, §4): it links the rows of one person. What may be linked
is settled in `anonymisation.trails`.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from typing import TYPE_CHECKING

from anonymisation.transforms.base import Made, derive, secret
from config.errors import Message, Place, RefusedError
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from config.models.privacy import ColumnRule

LENGTH = 32
"""Hexadecimal characters: 128 bits, so that two of a thousand million people share a pseudonym once in 10^21 releases."""
COLLISION = Message(
    "pseudonym.collision",
    nl="Kolom {column}: twee waarden kregen hetzelfde pseudoniem. Maak `length` groter.",
    en="Column {column}: two values got the same pseudonym. Make `length` larger.",
)
TOLD = Text(
    nl="Pseudoniem: dezelfde code betekent dezelfde persoon of zaak binnen dit bestand. Leeg waar die code iemand herkenbaar zou maken.",
    en="Pseudonym: the same code means the same person or case within this file. Empty where that code would make somebody recognisable.",
)


def pseudonyms(
    column: str, values: pa.ChunkedArray, rule: ColumnRule, *, secrets: Mapping[str, str], dataset: str, fingerprint: str
) -> Made:
    """Put a pseudonym in the place of every value; a missing value stays missing.

    Args:
        column: its name.
        values: in any order.
        rule: what was declared, with its `key`.
        secrets: the values of ``${NAME}``.
        dataset: the id of the dataset; empty where there is none.
        fingerprint: of the snapshot.

    Raises:
        ConfigurationError: the secret has no value, or is too short.
        RefusedError: two values have one pseudonym.
    """
    import pyarrow as pa

    from anonymisation.hierarchies.base import as_text, distinct_values

    found, codes = distinct_values(values)
    key = derive(
        secret(rule.key or "", secrets, Place(path=f"privacy.columns.{column}.key")),
        "pseudonym",
        dataset,
        column,
        f"label {rule.rotation}" if rule.rotation else "release",
        "" if rule.rotation and dataset else fingerprint,
    )
    length = rule.length or LENGTH
    plain = {text: unicodedata.normalize("NFC", text) for text in as_text(found).to_pylist() if text is not None}
    made = {text: pseudonym(key, normal, length) for text, normal in plain.items()}
    if len(set(made.values())) < len(set(plain.values())):
        raise RefusedError(COLLISION.at(Place(path=f"privacy.columns.{column}.length"), column=column))
    texts = [None if text is None else made[text] for text in as_text(found).to_pylist()]
    return Made({column: pa.array(texts, pa.string()).take(pa.array(codes))}, TOLD)


def pseudonym(key: bytes, text: str, length: int) -> str:
    """Give the pseudonym of one value."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:length]
