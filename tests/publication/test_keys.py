"""Keys: the home makes its own once, people bring theirs, and a wrong one is told without its content."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from config.errors import ConfigurationError, IntegrityError
from publication.keys import home_key, keyed_digest, make_key, public_text, read_private, read_public, sign, verify

if TYPE_CHECKING:
    from pathlib import Path

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")


def test_the_key_of_a_home_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = home_key(tmp_path), home_key(tmp_path)
    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert (tmp_path / "home.pem").stat().st_mode & 0o777 == 0o600
    assert keyed_digest(tmp_path, "a") == keyed_digest(tmp_path, "a") != keyed_digest(tmp_path, "b")
    assert (tmp_path / "hmac.secret").stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_of_the_home_is_never_replaced(tmp_path: Path) -> None:
    home_key(tmp_path)
    (tmp_path / "home.pem").write_bytes(b"damaged")
    with pytest.raises(IntegrityError):
        home_key(tmp_path)
    assert (tmp_path / "home.pem").read_bytes() == b"damaged"


def test_a_signature_holds_for_these_bytes_and_this_key(tmp_path: Path) -> None:
    key, other = make_key(tmp_path / "a.pem"), make_key(tmp_path / "b.pem")
    signature = sign(key, b"besluit")
    assert verify(key.public_key(), b"besluit", signature)
    assert not verify(key.public_key(), b"besluiT", signature)
    assert not verify(other.public_key(), b"besluit", signature)
    for broken in ("", "x", signature[:-4], "é" + signature):
        assert not verify(key.public_key(), b"besluit", broken)


def test_a_public_key_reads_back(tmp_path: Path) -> None:
    public = make_key(tmp_path / "a.pem").public_key()
    assert public_text(read_public(public_text(public))) == public_text(public)


@needs_ssh
def test_keys_of_ssh_keygen(tmp_path: Path) -> None:
    file = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "steward", "-f", str(file)], check=True)
    private = read_private(file)
    public = read_public(file.with_suffix(".pub").read_text())
    assert verify(public, b"besluit", sign(private, b"besluit"))


@needs_ssh
def test_a_passphrase_is_asked_for_and_taken_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "geheim-woord", "-f", str(file)], check=True)
    with pytest.raises(ConfigurationError, match="VRIJGAVE_KEY_PASSPHRASE"):
        read_private(file)
    monkeypatch.setenv("VRIJGAVE_KEY_PASSPHRASE", "ander-woord")
    with pytest.raises(ConfigurationError) as caught:
        read_private(file)
    assert "woord" not in str(caught.value).replace("wachtwoord", "")
    monkeypatch.setenv("VRIJGAVE_KEY_PASSPHRASE", "geheim-woord")
    assert read_private(file)


@needs_ssh
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_another_kind_of_key_is_refused(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", str(file)], check=True)
    with pytest.raises(ConfigurationError, match="ssh-keygen -t ed25519"):
        read_private(file)
    with pytest.raises(ConfigurationError, match="ssh-ed25519"):
        read_public(file.with_suffix(".pub").read_text())


@pytest.mark.parametrize("content", [b"", b"geheim", b"-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n", b"\xff\xfe"])
def test_what_is_no_key_is_told_with_its_file_and_without_its_content(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "sleutel"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        read_private(file)
    assert caught.value.problems[0].place.file == str(file)
    assert "geheim" not in str(caught.value)
    with pytest.raises(ConfigurationError):
        read_private(tmp_path / "weg")


@pytest.mark.parametrize(
    "text", ["", "ed25519:", "ed25519:AAAA", "ed25519:é", "ssh-rsa AAAA", "ssh-ed25519 AAAA", "-----BEGIN PUBLIC KEY-----"]
)
def test_what_is_no_public_key(text: str) -> None:
    with pytest.raises(ConfigurationError):
        read_public(text)
