"""The settings and folders in, a sandboxed systemd unit out: written where systemd looks, or printed."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from bot.failures import failed, reason_of
from bot.settings import ENV_FILE, Settings
from storage.database import sqlite_path

UNIT: Final = Path("/etc/systemd/system/giaoban.service")
_HOMES: Final = ("home", "root")
# What the bot never does is forbidden to it. Limits of processes that read files people sent need setrlimit.
_TEXT: Final = """\
[Unit]
Description=giaoban, the bot that collects reports
Documentation=file://{folder}/docs/operations.md
Wants=network-online.target
After=network-online.target time-sync.target
StartLimitIntervalSec=0

[Service]
Type=exec
User={user}
WorkingDirectory={folder}
ExecStart={program} run
Restart=always
RestartSec=3
TimeoutStopSec=15
UMask=0077

CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome={home}
ReadWritePaths={writable}
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
DevicePolicy=closed
KeyringMode=private
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallFilter=setrlimit prlimit64 setpriority sched_setaffinity

[Install]
WantedBy=multi-user.target
"""


def install_service(settings: Settings, to: Path | None, user: str) -> None:
    """Writes the unit and says what starts it. to: None for where systemd looks; "-" prints. Raises Failed."""
    text = unit(settings, Path.cwd(), user)
    if str(to) == "-":
        sys.stdout.write(text)
        return
    target = to or UNIT
    try:
        target.write_text(text, "utf-8")
    except OSError as error:
        raise failed("service_root", file=target, why=reason_of(error)) from error
    _verify(target)
    sys.stdout.write(f"{target}\n")
    if to is None:
        sys.stdout.write("systemctl daemon-reload && systemctl enable --now giaoban\njournalctl -u giaoban -f\n")


def unit(settings: Settings, folder: Path, user: str) -> str:
    """The unit's text for a bot that lives in that folder. user: "" for the folder's owner. Raises Failed."""
    user = user or pwd.getpwuid(folder.stat().st_uid).pw_name
    if user == "root":
        raise failed("service_owner", folder=folder)
    if not (folder / ENV_FILE).exists():
        raise failed("service_env", file=ENV_FILE, folder=folder)
    spaced = [str(path) for path in (folder, *_writable(settings, folder)) if any(c.isspace() for c in str(path))]
    if spaced:
        raise failed("service_space", folder=spaced[0])
    return _TEXT.format(
        folder=folder,
        user=user,
        program=Path(sys.prefix) / "bin" / "giaoban",
        home="read-only" if folder.parts[1:2] and folder.parts[1] in _HOMES else "yes",
        writable=" ".join(f"-{path}" for path in _writable(settings, folder)),
    )


def _writable(settings: Settings, folder: Path) -> list[Path]:
    """Where the bot writes: its database, its copies."""
    path = sqlite_path(settings.giaoban_database_url)
    found = [] if path is None else [(folder / path).parent]
    if settings.giaoban_backup_dir is not None:
        found.append(folder / settings.giaoban_backup_dir)
    return [Path(os.path.normpath(one)) for one in found]


def _verify(file: Path) -> None:
    """Has systemd read it, where there is one. Raises Failed with what it does not like."""
    if shutil.which("systemd-analyze") is None or file.suffix != ".service":
        return
    ended = subprocess.run(["systemd-analyze", "verify", str(file)], capture_output=True, check=False)
    if ended.returncode:
        raise failed("service_refused", file=file, why=ended.stderr.decode(errors="replace").strip()[:300])
