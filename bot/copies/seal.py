"""A copy's file and the office's key in, a file only that key opens out (age, gzip inside), and back.

Beside the office's key a file is sealed to a second one, drawn for the moment and never written down: so the machine
can open what it has just sealed, and prove it, without ever holding the office's secret (decision 0075).
"""

import os
import shutil
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from bot.failures import Failed, failed
from bot.settings import IDENTITY
from storage.engine.copies.sqlite import synced

SEALED: Final = b"age-encryption.org/v1\n"
_PLAIN: Final = b"SQLite format 3\0"
_PACKED: Final = b"\x1f\x8b"
_PIECE: Final = 1 << 20
_GZIP: Final = 31  # zlib's number for gzip's head and tail


def new_key() -> tuple[str, str]:
    """(the secret that opens copies, the public key that seals them)."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(file: Path, target: Path, key: str) -> str:
    """Writes the file packed and sealed; returns the secret of the moment that also opens it."""
    import pyrage
    from pyrage import x25519

    moment = x25519.Identity.generate()
    with file.open("rb") as source, open(target, "wb", opener=_private) as sealed:
        try:
            pyrage.encrypt_io(_Packed(source), sealed, [_recipient(key), moment.to_public()])
        except pyrage.EncryptError as error:
            raise failed("no_backup", where=target.parent, why=error) from error
    return str(moment)


def unseal(file: Path, target: Path, secrets: Sequence[str]) -> None:
    """Writes the database that the file holds, sealed, packed or plain. Raises Failed: one line with the remedy."""
    try:
        with file.open("rb") as source:
            head = source.read(len(SEALED))
            source.seek(0)
            with open(target, "wb", opener=_private) as plain:
                if head == SEALED:
                    _open(file, source, plain, secrets)
                elif head.startswith(_PACKED):
                    _unpack(source, plain)
                elif head.startswith(_PLAIN):
                    shutil.copyfileobj(source, plain, _PIECE)
                else:
                    raise failed("no_copy", file=file)
    except zlib.error as error:
        raise _damaged(file) from error
    synced(str(target))


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _open(file: Path, source: IO[bytes], plain: IO[bytes], secrets: Sequence[str]) -> None:
    import pyrage
    from pyrage import x25519

    if not secrets:
        raise failed("sealed", file=file)
    unpacked = _Unpacked(plain)
    try:
        pyrage.decrypt_io(source, unpacked, [x25519.Identity.from_str(secret) for secret in secrets])
    except pyrage.IdentityError as error:
        raise failed("bad_secret") from error
    except pyrage.DecryptError as error:
        if "matching" in str(error):
            raise failed("other_key", file=file) from error
        raise _damaged(file) from error
    except OSError as error:  # the library words what it found by itself as one without a number
        if error.errno:
            raise
        raise _damaged(file) from error
    if not unpacked.ended:
        raise _damaged(file)


def _unpack(source: IO[bytes], plain: IO[bytes]) -> None:
    unpacked = _Unpacked(plain)
    while piece := source.read(_PIECE):
        unpacked.write(piece)
    if not unpacked.ended:
        raise zlib.error("cut off")


def _damaged(file: Path) -> Failed:
    return failed("copy_damaged", file=file)


def secret_of(text: str) -> str:
    """The secret key in the text of a key file, "" if there is none."""
    found = IDENTITY.search(text)
    return found[0] if found else ""


def _recipient(key: str) -> Any:
    from pyrage import IdentityError, RecipientError, x25519

    try:
        if IDENTITY.fullmatch(key):
            return x25519.Identity.from_str(key).to_public()
        return x25519.Recipient.from_str(key)
    except (IdentityError, RecipientError) as error:
        raise failed("bad_key") from error


class _Packed:
    """Reads as the gzip of another file."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._packer = zlib.compressobj(level=6, wbits=_GZIP)
        self._ready = bytearray()
        self._over = False

    def read(self, size: int = -1) -> bytes:
        while not self._over and (size < 0 or len(self._ready) < size):
            piece = self._source.read(_PIECE)
            self._over = not piece
            self._ready += self._packer.compress(piece) if piece else self._packer.flush()
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken


class _Unpacked:
    """Takes gzip and writes what is in it to another file. ended: whether all of it came."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._unpacker = zlib.decompressobj(wbits=_GZIP)

    @property
    def ended(self) -> bool:
        return self._unpacker.eof

    def write(self, piece: bytes) -> int:
        self._target.write(self._unpacker.decompress(piece))
        return len(piece)

    def flush(self) -> None:
        self._target.flush()
