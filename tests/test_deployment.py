"""What is put on a server: the unit's sandbox, the image and its neighbours, as far as they can be judged offline."""

# ruff: noqa: F811

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from process import ROOT
from test_cli import Giaoban, giaoban, loaded, province  # noqa: F401

from bot.channels.open import settings_class
from bot.cli.main import cli
from bot.commands import service
from bot.failures import Failed
from bot.settings import Settings

# systemd's own judgement is asked where systemd is; what it judges is held everywhere.
WORST = 2.0
FORBIDDEN = ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateUsers=yes", "CapabilityBoundingSet=\n",
             "MemoryDenyWriteExecute=yes", "RestrictNamespaces=yes", "SystemCallArchitectures=native")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".env").touch()
    return tmp_path


def settings(**given: Any) -> Settings:
    return Settings(_env_file=None, **given)


def test_the_unit_runs_this_program_in_this_folder_as_somebody_who_is_not_root(folder: Path) -> None:
    text = service.unit(settings(giaoban_backup_dir=Path("sao-luu")), folder, "lan")
    assert "\nUser=lan\n" in text
    assert f"\nWorkingDirectory={folder}\n" in text
    assert f"\nReadWritePaths=-{folder}/data -{folder}/sao-luu\n" in text
    assert [line for line in FORBIDDEN if f"\n{line}" not in text] == []
    assert "{" not in text


def test_homes_stay_closed_unless_the_bot_lives_in_one(folder: Path) -> None:
    assert "\nProtectHome=yes\n" in service.unit(settings(), folder, "lan")
    at_home = service._TEXT.format(folder="f", user="u", program="p", home="read-only", writable="w")
    assert "\nProtectHome=read-only\n" in at_home


def test_what_would_not_run_is_refused_in_one_line(folder: Path) -> None:
    with pytest.raises(Failed, match="bot không được chạy bằng root"):
        service.unit(settings(), folder, "root")
    with pytest.raises(Failed, match="systemd không nhận thư mục có dấu cách"):
        service.unit(settings(giaoban_backup_dir=Path("sao lưu")), folder, "lan")
    (folder / ".env").unlink()
    with pytest.raises(Failed, match=r"không có \.env ở"):
        service.unit(settings(), folder, "lan")


def test_the_command_prints_writes_and_says_what_starts_it(giaoban: Giaoban, folder: Path) -> None:
    out = giaoban("install-service", "--user", "lan", "--to", "-").good()
    assert out.startswith("[Unit]\n")
    assert giaoban("install-service", "--user", "lan", "--to", "my.unit").good() == "my.unit\n"
    assert (folder / "my.unit").read_text() == out
    giaoban("install-service", "--user", "lan", "--to", "nowhere/my.unit").failed("chạy bằng root (sudo)")


def test_systemd_takes_the_unit_and_calls_it_little_exposed(folder: Path) -> None:
    """Where there is no systemd, its settings are held by the test above."""
    unit = folder / "giaoban.service"
    unit.write_text(service.unit(settings(), folder, "lan"))
    analyze = shutil.which("systemd-analyze") or shutil.which("true")
    assert analyze is not None
    verified = subprocess.run([analyze, "verify", str(unit)], capture_output=True, check=False)
    assert verified.returncode == 0, verified.stderr.decode()
    judged = subprocess.run(
        [analyze, "security", "--offline=true", f"--threshold={WORST * 10:.0f}", str(unit)],
        capture_output=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout.decode()[-300:]


# --- the image and its neighbours --------------------------------------------------------------------------------


def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
    return found


def test_compose_sets_settings_that_exist_and_runs_commands_that_exist() -> None:
    known = {name.upper() for name in settings_class().model_fields}
    commands = {command.name for command in cli.registered_commands} | {"run", "migrate"}
    bots = [one for one in composed()["services"].values() if one.get("image") == "giaoban"]
    assert len(bots) == 3
    for bot in bots:
        assert set(bot["environment"]) <= known
        assert bot["command"][0] in commands
        assert bot["read_only"] is True
        assert bot["cap_drop"] == ["ALL"]


def test_compose_names_only_files_and_volumes_that_are_there() -> None:
    whole = composed()
    for one in whole["services"].values():
        for volume in one.get("volumes", []):
            source = volume.split(":")[0]
            assert source in whole["volumes"] or (ROOT / "deploy" / source).exists(), volume
        for needed in one.get("depends_on", []):
            assert needed in whole["services"]
    assert (ROOT / "deploy" / whole["x-bot"]["build"]["context"] / whole["x-bot"]["build"]["dockerfile"]).exists()


def test_no_secret_stands_in_what_is_shipped_and_none_is_optional_but_the_key() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
    asked = re.findall(r"\$\{(\w+)(:[?-])", text)
    assert {name for name, how in asked if how == ":-"} == {"GIAOBAN_BACKUP_KEY"}
    assert {"POSTGRES_PASSWORD", "TELEGRAM_BOT_TOKEN"} <= {name for name, _ in asked}


def test_the_image_is_not_root_s_and_tells_its_health() -> None:
    lines = (ROOT / "deploy" / "Dockerfile").read_text("utf-8").splitlines()
    words = [line.split()[0] for line in lines if line[:1].isupper()]
    last = words[len(words) - words[::-1].index("FROM") :]
    assert "USER" in last
    assert "HEALTHCHECK" in last
    assert last.index("USER") < last.index("ENTRYPOINT")
    assert all(":" in line.split()[1] for line in lines if line.startswith("FROM"))  # a version, not the latest
    known = {name.upper() for name in settings_class().model_fields}
    assert set(re.findall(r"(GIAOBAN_\w+)=", "\n".join(lines))) <= known
    assert "ADD " not in "\n".join(lines)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".env", "data", ".venv"} <= set(ignored)


def test_the_linter_of_such_files_finds_nothing_in_the_image() -> None:
    """Where there is none, what it looks for is held by the test above."""
    linter = shutil.which("hadolint") or shutil.which("true")
    assert linter is not None
    judged = subprocess.run([linter, ROOT / "deploy" / "Dockerfile"], capture_output=True, check=False)
    assert judged.returncode == 0, judged.stdout.decode()


def test_the_figures_do_not_go_out_through_the_proxy() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
    assert "path /metrics" in caddy
    assert "web:8080" in caddy


def test_the_install_script_is_a_plain_shell_script_that_anybody_can_start() -> None:
    script = ROOT / "deploy" / "install.sh"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    assert "RUN deploy/install.sh program" in dockerfile


def test_a_second_install_keeps_settings_and_answers(tmp_path: Path) -> None:
    """The script as it is, with the program that is installed already and a make that does nothing."""
    for name in ("deploy/install.sh", ".env.example"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, target)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "giaoban").symlink_to(ROOT / ".venv" / "bin" / "giaoban")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "make").symlink_to("/bin/true")
    environment = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}

    def install() -> str:
        ended = subprocess.run([tmp_path / "deploy" / "install.sh"], env=environment, capture_output=True, check=False)
        assert ended.returncode == 0, ended.stderr.decode()
        return ended.stdout.decode()

    assert "install.sh: .env is new" in install()
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    (tmp_path / ".env").write_text("GIAOBAN_BIND=127.0.0.1:9999\n")
    assert ".env is new" not in install()
    assert (tmp_path / ".env").read_text() == "GIAOBAN_BIND=127.0.0.1:9999\n"
    assert (tmp_path / "data" / "giaoban.db").exists()
