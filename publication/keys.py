"""Ed25519 keys: the home's own, and those of people, in PEM or OpenSSH form.

A public key is written as ``ed25519:`` and the base64 of its 32 raw bytes, or as an OpenSSH line ``ssh-ed25519 …``. Signatures are raw
Ed25519 (RFC 8032) in base64.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, IntegrityError, Message, Place

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "ed25519:"
HOME_KEY, HMAC_SECRET = "home.pem", "hmac.secret"

UNREADABLE = Message(
    "keys.unreadable",
    nl="in dit bestand staat geen Ed25519-sleutel (PEM of OpenSSH); maak er een met: ssh-keygen -t ed25519",
    en="this file holds no Ed25519 private key (PEM or OpenSSH); make one with: ssh-keygen -t ed25519",
)
PASSPHRASE = Message(
    "keys.passphrase",
    nl="deze sleutel is beveiligd met een wachtwoord; zet het in de omgevingsvariabele VRIJGAVE_KEY_PASSPHRASE",
    en="this key is protected by a passphrase; put it in the environment variable VRIJGAVE_KEY_PASSPHRASE",
)
MISSING = Message(
    "keys.missing", nl="het sleutelbestand bestaat niet of is niet te lezen", en="the key file does not exist or cannot be read"
)
NOT_PUBLIC = Message(
    "keys.public",
    nl="dit is geen publieke sleutel: schrijf ed25519:… of een regel die begint met ssh-ed25519",
    en="this is not a public key: write ed25519:… or a line that starts with ssh-ed25519",
)
LOST = Message(
    "keys.home",
    nl="de sleutel van deze home in keys/ is onleesbaar; zet haar terug uit de reservekopie, anders is het grootboek niet voort te zetten",
    en="the key of this home in keys/ cannot be read; restore it from its copy, or the ledger cannot be continued",
)


def make_key(file: Path) -> Ed25519PrivateKey:
    """Make a private key in PEM (PKCS 8), readable by the owner alone; FileExistsError when the file is there."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    _exclusive(file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return key


def read_private(file: Path) -> Ed25519PrivateKey:
    """Read a person's private key, PEM or OpenSSH; ConfigurationError says what is wrong with it, never what is in it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key

    place = Place(str(file))
    try:
        content = file.read_bytes()
    except OSError:
        raise ConfigurationError(MISSING.at(place)) from None
    load = load_ssh_private_key if b"OPENSSH PRIVATE KEY" in content else load_pem_private_key
    phrase = os.environ.get("VRIJGAVE_KEY_PASSPHRASE")
    try:
        try:
            key = load(content, None)
        except TypeError:
            if not phrase:
                raise ConfigurationError(PASSPHRASE.at(place)) from None
            key = load(content, phrase.encode())
    except (ValueError, UnsupportedAlgorithm):
        message = PASSPHRASE if b"ENCRYPTED" in content or phrase else UNREADABLE
        raise ConfigurationError(message.at(place)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(UNREADABLE.at(place))
    return key


def read_public(text: str) -> Ed25519PublicKey:
    """Read a public key as `municipality.yaml` writes it; ConfigurationError when it is not one."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    try:
        if text.startswith(PREFIX):
            return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix(PREFIX), validate=True))
        key = load_ssh_public_key(text.encode())
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        raise ConfigurationError(NOT_PUBLIC.at()) from None
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigurationError(NOT_PUBLIC.at())
    return key


def public_text(key: Ed25519PublicKey) -> str:
    """Write a public key as ``ed25519:BASE64``."""
    return PREFIX + base64.b64encode(key.public_bytes_raw()).decode()


def sign(key: Ed25519PrivateKey, payload: bytes) -> str:
    """Sign; base64."""
    return base64.b64encode(key.sign(payload)).decode()


def verify(key: Ed25519PublicKey, payload: bytes, signature: str) -> bool:
    """Say whether a signature is that of `key` over `payload`."""
    from cryptography.exceptions import InvalidSignature

    try:
        key.verify(base64.b64decode(signature, validate=True), payload)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def home_key(folder: Path) -> Ed25519PrivateKey:
    """Give the key of the home, made at first use in `keys/` (0700)."""
    file = folder / HOME_KEY
    if not file.exists():
        with suppress(FileExistsError):  # another run was first
            return make_key(file)
    try:
        return read_private(file)
    except ConfigurationError:
        raise IntegrityError(LOST.at(Place(str(file)))) from None


def keyed_digest(folder: Path, text: str) -> str:
    """Give the HMAC-SHA-256 of a text with the home's secret, made at first use: a digest of raw input is public only so."""
    file = folder / HMAC_SECRET
    if not file.exists():
        with suppress(FileExistsError):  # another run was first
            _exclusive(file, secrets.token_bytes(32))
    return hmac.new(file.read_bytes(), text.encode(), hashlib.sha256).hexdigest()


def _exclusive(file: Path, content: bytes) -> None:
    """Write a file that must not be there yet, whole and for the owner alone."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:  # noqa: PTH123 - the mode counts
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(beside, file)
    finally:
        beside.unlink(missing_ok=True)
