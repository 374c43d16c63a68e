"""A path and bytes in, the whole file there or the old one untouched out."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.failures import Failed, failed, reason_of


def replace_file(path: Path, content: bytes, replace: Callable[[Path, Path], None] = os.replace) -> None:
    """Puts `content` at `path` in one step, so that a reader or a crash never meets half a file.

    Raises Failed with the path and the remedy.
    """
    temporary = stage_file(path, content)
    try:
        replace(temporary, path)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def replace_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Puts files of these names into the folder, which is made if need be: all of them, or none where one cannot be
    written. Raises Failed with the path and the remedy.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error) from error
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            staged.append((stage_file(folder / name, content), folder / name))
        for temporary, path in staged:
            try:
                temporary.replace(path)
            except OSError as error:
                raise _not_written(path, error) from error
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def stage_file(path: Path, content: bytes) -> Path:
    """Writes `content` down to the disk beside `path`, under a name of its own; to rename it is all that is left.

    Raises Failed with the path and the remedy.
    """
    folder = path.parent
    if not folder.is_dir():
        raise failed("no_such_folder", path=path, folder=folder)
    if path.is_dir():
        raise failed("is_a_folder", path=path)
    temporary = None
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise _not_written(path, error) from error
    return temporary


def _not_written(path: Path, error: OSError) -> Failed:
    return failed("not_written", path=path, why=reason_of(error))
