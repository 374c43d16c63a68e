"""The demo in a process of its own and somebody at its chat page, who knows what is written there and no more."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
from process import Process, started

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
# Of the demo province: has not begun; has sent; both of cluster 1, which is reminded first.
OWING, SENT = "Trần Thị Mai Chi", "Phan Thị Ngọc Diệp"
OFFICE, CHAIR = "Tạ Minh Khuê", "Trịnh Quốc Đạt"
LEADER, GROUP = "Lương Gia Bách", "Nhóm Cụm thi đua số 1"

expect.set_options(timeout=20_000)


@dataclass
class Newcomer:
    """Somebody at the page, who knows what is written on it and nothing of its insides."""

    page: Page
    name: str
    folder: Path
    pictures: int = 0
    kind: str = "telegram"  # of the phone in hand

    @property
    def phone(self) -> Locator:
        return self.page.locator(f".phone.{self.kind}")

    @property
    def narrow(self) -> bool:
        size = self.page.viewport_size
        return size is not None and size["width"] < 960

    async def open_panel(self, name: str) -> None:
        if self.narrow:
            await self.page.get_by_role("button", name=name).first.click()

    async def become(self, name: str) -> None:
        await self.open_panel("Đổi vai")
        await self.page.get_by_label("Tìm theo tên hoặc đơn vị").fill(name)
        await self.page.locator("#faces").get_by_role("button", name=name).click()

    async def write(self, text: str) -> None:
        await self.phone.get_by_role("textbox").fill(text)
        await self.phone.get_by_role("button", name="Gửi", exact=True).click()

    async def swap(self, kind: str) -> None:
        """Takes the other phone; where there is room both lie there."""
        if await (button := self.phone.locator(".swap")).is_visible():
            await button.click()
        self.kind = kind

    async def tap(self, label: str) -> None:
        await self.phone.get_by_role("log").get_by_role("button", name=label).last.click()

    async def move_clock(self, label: str) -> None:
        await self.open_panel("Chuyển giờ")
        await self.page.locator("#stops").get_by_role("button", name=re.compile(label)).first.click()
        await expect(self.page.locator("#moved")).to_contain_text("Đã đến")
        await self.picture()
        if self.narrow:
            await self.page.locator("#clock").get_by_role("button", name="Đóng").click()

    def said(self, text: str | re.Pattern[str]) -> Locator:
        return self.phone.get_by_role("log").get_by_role("article").filter(has_text=text)

    async def hears(self, text: str | re.Pattern[str]) -> None:
        await expect(self.said(text).last).to_be_visible()

    async def picture(self) -> None:
        self.pictures += 1
        await self.page.screenshot(path=self.folder / f"{self.name}-{self.pictures:02}.png")
        assert await self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@asynccontextmanager
async def demo(folder: Path, port: int = 0) -> AsyncIterator[tuple[Process, str]]:
    """The real demo in a process of its own, and the address it prints."""
    async with started("demo", "--port", str(port), "--data", str(folder / "demo"), cwd=folder) as process:
        found = re.search(r"http://127\.0\.0\.1:\d+/", await process.line("http://127.0.0.1:"))
        assert found
        yield process, found[0]


@asynccontextmanager
async def newcomer(
    browser: Browser, size: dict[str, Any], address: str, pictures: Path, name: str
) -> AsyncIterator[tuple[Newcomer, BrowserContext]]:
    """A fresh browser window on the page; an error in its console fails the test, so does any other host."""
    context = await browser.new_context(**size)
    wrong: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else wrong.append(request.url))
    await page.goto(address)
    await expect(page.locator("#faces button").first).to_be_attached()
    yield Newcomer(page, name, pictures), context
    assert wrong == []
    await context.close()
