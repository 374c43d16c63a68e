"""From a bare Debian the Vietnamese page alone leads to a served webhook, and back from every bad luck it names."""

import asyncio
import json
import re
import shutil
import ssl
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from bare_root import PAGE, Debian, bare_debian, page_commands
from bot_api.server import BotApi
from campaigns.environment import free_port
from test_migrate import RELEASED, SCHEMAS

pytestmark = pytest.mark.debian
INSTALLING = "Cài trên một máy chủ Debian mới"
LONGEST = 120  # looks
LOOK = 1.0  # seconds that one waits at most for the bot to write a line of log


@pytest.fixture
def debian(tmp_path: Path) -> Iterator[Debian]:
    with bare_debian(tmp_path) as made:
        yield made


class Office:
    """Who follows the page, word for word."""

    def __init__(self, debian: Debian, api: BotApi) -> None:
        self.debian, self.api = debian, api
        self.bound, self.https = free_port(), free_port()
        self.notes: list[str] = []

    def setting(self, **named: str) -> None:
        """Writes lines into .env, as an editor does."""
        file = self.debian.bot / ".env"
        names = "|".join(named)
        kept = [line for line in file.read_text("utf-8").splitlines() if not re.match(rf"#? ?({names})=", line)]
        lines = [*kept, *(f"{name}={value}" for name, value in named.items())]
        file.write_text("\n".join(lines) + "\n", "utf-8")

    async def ask(self, path: str = "/healthz") -> tuple[int, Any]:
        """The same without holding up the loop."""
        return await asyncio.to_thread(self._ask, path)

    def _ask(self, path: str = "/healthz") -> tuple[int, Any]:
        """The bot's answer, through the proxy."""
        context = ssl.create_default_context(cafile=str(self.authority))
        request = urllib.request.Request(f"https://localhost:{self.https}{path}")
        try:
            with urllib.request.urlopen(request, timeout=20, context=context) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            body = error.read()
            return error.code, json.loads(body) if body.startswith(b"{") else body.decode()

    @property
    def authority(self) -> Path:
        """What the proxy's own certificates are signed with."""
        return self.debian.root / "root/.local/share/caddy/pki/authorities/local/root.crt"

    async def until(self, what: str, *states: int) -> Any:
        """Waits until /healthz answers so; returns what it says."""
        last: object = None
        async with self.debian.news() as news:
            for _ in range(LONGEST):
                try:
                    code, said = last = await self.ask()
                    if code in states:
                        return said
                except OSError as error:
                    last = error
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.readline(), LOOK)
        raise AssertionError(f"{what}: {states} never came, but {last}; the bot wrote\n{self.debian.log()[-2000:]}")

    async def started(self) -> None:
        await self.debian.run("systemctl start giaoban", "root")
        await self.until("started", 200)

    async def answers(self, text: str = "xin chào") -> None:
        """A stranger writes, and is told how to enrol."""
        person = self.api.user(len(self.api.chats) + 1, "Lan")
        person.says(text)
        await person.receives("mã", within=LONGEST)


@pytest.fixture
async def office(debian: Debian) -> AsyncIterator[Office]:
    async with BotApi() as api:
        yield Office(debian, api)


async def test_the_page_leads_to_a_service_that_is_broken_and_comes_back(
    debian: Debian, office: Office, counted: Any
) -> None:
    began = asyncio.get_running_loop().time()
    await install(debian, office)
    installed = asyncio.get_running_loop().time() - began
    await office.answers()
    await copies(debian, office)
    for bad_luck in (deleted, damaged, folder_without_rights, disk_full, read_only, upgraded):
        await bad_luck(debian, office)
        await office.answers()
    status, said = await office.ask()
    counted(f"installed from nothing in {installed:.0f} s; broken and recovered: {'; '.join(office.notes)}")
    assert status == 200, said


async def install(debian: Debian, office: Office) -> None:
    """Steps one to six."""
    as_root, as_bot, service = page_commands(INSTALLING)
    await debian.run(as_root, "root")
    debian.bot.mkdir(parents=True)
    await asyncio.to_thread(debian.unpack, "HEAD")
    await debian.run("chown -R giaoban: /srv/giaoban", "root")
    await debian.run(as_bot)
    office.setting(
        TELEGRAM_BOT_TOKEN=office.api.token, TELEGRAM_API_URL=office.api.url, TELEGRAM_MODE="webhook",
        TELEGRAM_WEBHOOK_SECRET="chuoi-dai-tu-nghi", GIAOBAN_PUBLIC_URL=f"https://localhost:{office.https}",
        GIAOBAN_BIND=f"127.0.0.1:{office.bound}",
    )  # fmt: skip
    shown = PAGE.read_text("utf-8").partition("ten-mien {")[2].partition("```")[0]
    caddy = f"localhost:{office.https} {{{shown}".replace("8080", str(office.bound))
    (debian.root / "etc/caddy/Caddyfile").write_text(caddy)
    await debian.run("systemctl reload caddy", "root")
    await debian.run(service, "root")
    await office.until("installed", 200)
    # The proxy's certificate is its own here; a messenger would see one that everybody knows.
    aiohttp.connector._SSL_CONTEXT_VERIFIED.load_verify_locations(office.authority)
    unit = (debian.root / "etc/systemd/system/giaoban.service").read_text("utf-8")
    assert "\nUser=giaoban\n" in unit
    assert (await office.ask("/metrics"))[0] == 404
    checked = (await debian.run(".venv/bin/giaoban check || true")).splitlines()
    failing = [line for line in checked if line.startswith("LỖI")]
    assert [line for line in failing if not line.startswith("LỖI văn phòng")] == []  # nobody has enrolled yet


async def copies(debian: Debian, office: Office) -> None:
    """The daily copy is set up, one is made by hand."""
    (new_key,) = page_commands("Sao lưu hằng ngày")
    told = await debian.run(new_key)
    office.setting(GIAOBAN_BACKUP_KEY=re.findall(r"age1\w+", told)[0], GIAOBAN_BACKUP_DIR="sao-luu")
    await debian.run("systemctl stop giaoban", "root")
    await debian.run(".venv/bin/giaoban install-service", "root")
    await office.started()
    # The first daily copy begins with the start; while it is under way the page says to wait.
    await debian.run("until .venv/bin/giaoban backup; do sleep 1; done")


async def restored(debian: Debian, office: Office) -> None:
    """The section on going back, with the newest copy."""
    newest = sorted((debian.bot / "sao-luu").glob("giaoban-*.age"))[-1].name
    (show,) = page_commands("Phục hồi")
    command = re.sub(r"giaoban-….db.gz.age", newest, show)
    await debian.run("systemctl stop giaoban", "root")
    assert "Chạy thử" in await debian.run(command)
    await debian.run(command.replace(" --dry-run", ""))
    await office.started()


async def deleted(debian: Debian, office: Office) -> None:
    """The database is removed under the running bot."""
    (debian.bot / "data/giaoban.db").unlink()
    said = await office.until("deleted", 503)
    assert "deleted" in str(said) or "xóa" in str(said), said
    await restored(debian, office)
    office.notes.append("database deleted while it ran")


async def damaged(debian: Debian, office: Office) -> None:
    """Pages in the middle are overwritten, the bot stopped or not."""
    await debian.run("systemctl stop giaoban", "root")
    with (debian.bot / "data/giaoban.db").open("r+b") as file:
        file.seek(80 * 1024)
        file.write(b"\x7f" * 160 * 1024)
    command = ".venv/bin/giaoban backup"
    assert "giaoban: " in await debian.run(command, fails=True)
    await debian.run("systemctl start giaoban || true", "root")
    await debian.run("systemctl stop giaoban || true", "root")
    newest = sorted((debian.bot / "sao-luu").glob("giaoban-*.age"))[-1].name
    await debian.run(re.sub(r"giaoban-….db.gz.age", newest, page_commands("Phục hồi")[0]).replace(" --dry-run", ""))
    await office.started()
    office.notes.append("database damaged")


async def folder_without_rights(debian: Debian, office: Office) -> None:
    folder = debian.bot / "sao-luu"
    folder.chmod(0o500)
    assert "sao-luu" in await debian.run(".venv/bin/giaoban backup", fails=True)
    folder.chmod(0o700)
    await debian.run(".venv/bin/giaoban backup")
    newest = sorted(folder.glob("giaoban-*.age"))[-1].name
    await debian.run(".venv/bin/giaoban backup --new-key khoa-khac.txt")
    wrong = f".venv/bin/giaoban restore sao-luu/{newest} --key khoa-khac.txt --dry-run"
    await debian.run("systemctl stop giaoban", "root")
    assert "niêm phong bằng khóa khác" in await debian.run(wrong, fails=True)
    await office.started()
    office.notes.append("copies without rights, and sealed to another key")


async def on_small_disk(debian: Debian, office: Office) -> Path:
    """The data on a disk of their own, 12 MB."""
    data = debian.bot / "data"
    await debian.run("systemctl stop giaoban", "root")
    if not data.is_mount():
        shutil.move(data, debian.bot / "kept")
        data.mkdir()
        debian.mount(data, "-t", "tmpfs", "-o", "size=12m", "tmpfs")
        await debian.run("cp -a kept/. data/ && chown -R giaoban: data && chmod 700 data", "root")
    await office.started()
    return data


async def disk_full(debian: Debian, office: Office) -> None:
    data = await on_small_disk(debian, office)
    filler = data / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"0" * 65536):
                pass
        except OSError:
            pass
    await office.until("full", 503)
    person = office.api.user(900, "Hoa")
    person.says("bc")
    await office.api.mailbox.refused(LONGEST)
    assert person.unread == []
    assert office.api.mailbox.pending  # nothing is acknowledged that is not stored
    assert "dọn ổ đĩa" in await debian.run(".venv/bin/giaoban backup", fails=True)
    filler.unlink()
    await office.until("free again", 200)
    await person.receives("mã", within=LONGEST)
    office.notes.append("disk full")


async def read_only(debian: Debian, office: Office) -> None:
    """As the system mounts a disk after faults of it; open files would hold up a mount command here."""
    data = await on_small_disk(debian, office)
    await debian.run("systemctl stop giaoban", "root")
    debian.mount(data, "-o", "remount,ro")
    for command, said in (("run", "không mở hay không ghi được"), ("backup", "ổ đĩa chỉ cho đọc")):
        assert said in await debian.run(f".venv/bin/giaoban {command}", fails=True)
    debian.mount(data, "-o", "remount,rw")
    await office.started()
    office.notes.append("read-only file system")


async def upgraded(debian: Debian, office: Office) -> None:
    """A database of the first release is brought up, two commands at once."""
    await debian.run("systemctl stop giaoban", "root")
    data = debian.bot / "data"
    for file in data.glob("giaoban.db*"):
        file.unlink()
    schema = SCHEMAS / f"{RELEASED[0]}.sqlite.sql"
    (debian.bot / "old.sql").write_text(schema.read_text("utf-8"))
    make = "import sqlite3; sqlite3.connect('data/giaoban.db').executescript(open('old.sql').read())"
    await debian.run(f'.venv/bin/python -c "{make}"')
    (command,) = page_commands("Nâng cấp chương trình")
    both = await asyncio.gather(*(debian.run(f"{command} || true") for _ in range(2)))
    assert sum("Đã nâng" in said for said in both) == 1, both
    await office.started()
    office.notes.append("two upgrades at once")
