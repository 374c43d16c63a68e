"""A bare Debian in a folder, with the smallest part of systemctl: what the guide says is done in it, and seen.

DEBIAN_ROOT names a folder where a `debootstrap` is kept for the next time; DEBIAN_SHARES, with colons between, what of
this machine it sees at the same place (where packages come from a folder). PIP_… of the environment goes along.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from process import ROOT

PAGE = ROOT / "docs" / "huong-dan" / "van-hanh.md"
HOME = "srv/giaoban"
_SYSTEMCTL = """\
#!/bin/sh
# Stands in for systemctl: starts a unit as its user and again whenever it ends, stops it, has caddy read its file.
set -eu
pid=/run/giaoban.pid
entry() { sed -n "s/^$1=//p" /etc/systemd/system/giaoban.service; }
case "$*" in
daemon-reload) ;;
"start giaoban" | "enable --now giaoban")
    cd "$(entry WorkingDirectory)"
    user=$(entry User)
    setsid sh -c "while :; do setpriv --reuid $user --regid $user --init-groups --no-new-privs \\
        env -i PATH=/usr/bin:/bin $(entry ExecStart); sleep $(entry RestartSec); done" >>/var/log/giaoban.log 2>&1 &
    echo $! >$pid ;;
"stop giaoban")
    kill -9 "$(cat $pid)"
    kill -- "-$(cat $pid)" || true
    while kill -s 0 -- "-$(cat $pid)" 2>/dev/null; do sleep 0.2; done ;;
"reload caddy") setsid caddy run --config /etc/caddy/Caddyfile >>/var/log/caddy.log 2>&1 & echo $! >/run/caddy.pid ;;
*) echo "no such thing here: $*" >&2; exit 1 ;;
esac
"""


def page_commands(heading: str) -> list[str]:
    """The blocks of shell commands under that heading of the guide, as they stand there."""
    section = PAGE.read_text("utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert section, heading
    return [
        "\n".join(line.strip() for line in block.partition("```")[0].splitlines())
        for block in section.split("```sh\n")[1:]
    ]


@dataclass
class Debian:
    """The folder, and what is run in it."""

    root: Path

    @property
    def bot(self) -> Path:
        """Where the program lives, from outside."""
        return self.root / HOME / "bot"

    async def run(self, command: str, user: str = "giaoban", *, fails: bool = False) -> str:
        """What it printed; it has to end well, or with `fails` it has to fail with one line."""
        words = ["chroot", str(self.root)]
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        if user == "root":
            folder = f"/{HOME}/bot" if self.bot.exists() else "/"
            kept["HOME"] = "/root"
            words += ["sh", "-ec", f"cd {folder}\n{command}"]
        else:
            folder = f"/{HOME}/bot" if (self.bot / ".venv").exists() else f"/{HOME}"
            kept["HOME"] = f"/{HOME}"
            words += ["setpriv", "--reuid", user, "--regid", user, "--init-groups"]
            words += ["sh", "-ec", f"cd {folder}\n{command}"]
        process = await asyncio.create_subprocess_exec(
            *words, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", **kept},
        )  # fmt: skip
        out, err = (said.decode(errors="replace") for said in await process.communicate())
        if fails:
            assert process.returncode == 1, (command, out, err)
            assert len(err.splitlines()) == 1, (command, err)
            assert "Traceback" not in err, err
            return err
        assert process.returncode == 0, (command, out[-3000:], err[-3000:])
        return out

    def unpack(self, commit: str) -> None:
        """The program as of that commit, where the guide has it cloned to."""
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "x", "-C", str(self.bot)], input=archive, check=True)

    def log(self) -> str:
        """What the bot wrote."""
        return (self.root / "var/log/giaoban.log").read_text("utf-8")

    @asynccontextmanager
    async def news(self) -> AsyncIterator[asyncio.StreamReader]:
        """What the bot and the proxy write from now on, line by line."""
        names = [str(self.root / "var/log" / name) for name in ("giaoban.log", "caddy.log")]
        tail = await asyncio.create_subprocess_exec(
            "tail", "-q", "-n0", "-F", *names, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        assert tail.stdout is not None
        try:
            yield tail.stdout
        finally:
            tail.kill()
            await tail.wait()

    def mount(self, folder: Path, *options: str) -> None:
        """Mounts something there, or mounts it anew in another way."""
        subprocess.run(["mount", *options, str(folder)], check=True)

    def end(self) -> None:
        """Stops what was started here, by the ids of its groups, and takes every mount away."""
        for name in ("giaoban", "caddy"):
            file = self.root / "run" / f"{name}.pid"
            if file.exists():
                subprocess.run(["kill", "-9", "--", f"-{file.read_text().strip()}"], check=False, capture_output=True)
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        for folder in sorted((one for one in mounted if one.startswith(f"{self.root}")), reverse=True):
            subprocess.run(["umount", "-l", folder], check=True)


@contextmanager
def bare_debian(folder: Path) -> Iterator[Debian]:
    """A fresh one, gone afterwards. Raises RuntimeError with what is missing."""
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        raise RuntimeError("make test-debian needs root and debootstrap (Debian: apt-get install debootstrap)")
    lower = Path(os.environ.get("DEBIAN_ROOT") or folder / "lower")
    if not (lower / "etc" / "debian_version").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(lower)], check=True, capture_output=True)
    root = folder / "root"
    for name in ("root", "upper", "work"):
        (folder / name).mkdir()
    debian = Debian(root)
    try:
        options = f"lowerdir={lower},upperdir={folder / 'upper'},workdir={folder / 'work'}"
        debian.mount(root, "-t", "overlay", "-o", options, "overlay")
        debian.mount(root / "proc", "-t", "proc", "proc")
        shutil.copy("/etc/resolv.conf", root / "etc" / "resolv.conf")
        for shared in filter(None, os.environ.get("DEBIAN_SHARES", "").split(":")):
            here = root / shared.lstrip("/")
            here.parent.mkdir(parents=True, exist_ok=True)
            here.touch() if Path(shared).is_file() else here.mkdir(exist_ok=True)
            debian.mount(here, "--bind", shared)
        stand_in = root / "usr/local/bin/systemctl"
        stand_in.write_text(_SYSTEMCTL)
        stand_in.chmod(0o755)
        yield debian
    finally:
        debian.end()
