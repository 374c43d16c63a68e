"""The leaders' page in a real browser over the real demo: from the word in the chat to one unit and its meeting pack.

GIAOBAN_SCREENSHOTS names a folder for pictures of every step, to be looked at; by default they go with the test.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from newcomer import LEADER, PHONE, demo, newcomer
from playwright.async_api import Browser, Page, expect

pytestmark = pytest.mark.browser

LINK = re.compile(r"http://[\d.:]+/bang/vao/[\w-]+")


async def _is_sound(page: Page, picture: Path) -> None:
    """No fault of contrast, labels or order, nothing wider than the phone; the picture is to be looked at."""
    await page.screenshot(path=picture, full_page=True)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = await Axe().run(page)
    assert found.response["violations"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_leader_goes_from_the_word_to_one_unit_without_scripts(
    browser: Browser, tmp_path: Path, pictures: Path, scheme: str
) -> None:
    async with demo(tmp_path) as (_, address), newcomer(browser, PHONE, address, pictures, "leader") as (person, _):
        await person.become(LEADER)
        await person.write("bảng")
        await person.hears("Trang số liệu dành riêng")
        link = re.search(
            r"http://127\.0\.0\.1:\d+/bang/vao/[\w-]+", await person.said("Trang số liệu").last.inner_text()
        )
        assert link
        # axe runs as a script of the tester's own, which the page's policy rightly refuses to others.
        plain = {**PHONE, "color_scheme": scheme, "bypass_csp": True}
        context = await browser.new_context(**plain)
        page = await context.new_page()
        await page.goto(link[0])
        await _is_sound(page, pictures / f"{scheme}-1-door.png")
        await page.get_by_role("button", name="Mở trang số liệu").click()
        await expect(page.get_by_role("heading", name="Toàn tỉnh")).to_be_visible()
        await _is_sound(page, pictures / f"{scheme}-2-province.png")
        await page.get_by_role("link", name=re.compile("Cụm thi đua số 1")).click()
        await expect(page.get_by_role("heading", name="Cụm thi đua số 1")).to_be_visible()
        await _is_sound(page, pictures / f"{scheme}-3-cluster.png")
        await page.locator(".rows a").first.click()
        await expect(page.get_by_role("heading", name="Báo cáo của đơn vị")).to_be_visible()
        await _is_sound(page, pictures / f"{scheme}-4-commune.png")
        await page.locator(".rows a").first.click()
        await expect(page.get_by_role("heading", name="Báo cáo của đơn vị")).to_be_visible()
        await _is_sound(page, pictures / f"{scheme}-5-branch.png")
        for name in ("Kiến nghị", "Lịch", "Kết luận", "Tài liệu"):
            await page.get_by_role("navigation").get_by_role("link", name=name).click()
            await _is_sound(page, pictures / f"{scheme}-6-{name}.png")
        await page.get_by_label("Lập tài liệu với").select_option(label="Cụm thi đua số 1")
        await page.get_by_role("button", name="Lập tài liệu").click()
        await expect(page.get_by_text("Phiên bản")).to_be_visible(timeout=60_000)
        await _is_sound(page, pictures / f"{scheme}-7-pack.png")
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="bao-cao.docx").click()
        assert Path(await (await coming.value).path()).read_bytes().startswith(b"PK")
        await page.get_by_role("button", name="Rời trang").click()
        await expect(page.get_by_text("đã rời trang")).to_be_visible()
        await context.close()


async def test_the_page_works_with_scripts_switched_off_and_asks_no_other_host(
    browser: Browser, tmp_path: Path, pictures: Path
) -> None:
    async with demo(tmp_path) as (_, address), newcomer(browser, PHONE, address, pictures, "plain") as (person, _):
        await person.become(LEADER)
        await person.write("bảng")
        await person.hears("Trang số liệu dành riêng")
        link = LINK.search(await person.said("Trang số liệu").last.inner_text())
        assert link
        context = await browser.new_context(**PHONE, java_script_enabled=False)
        page, asked = await context.new_page(), list[str]()
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(link[0])
        await page.get_by_role("button", name="Mở trang số liệu").click()
        await page.get_by_label("Kỳ báo cáo").select_option(index=1)
        await page.get_by_role("button", name="Xem").click()
        await expect(page.get_by_role("heading", name="Toàn tỉnh")).to_be_visible()
        assert [url for url in asked if not url.startswith(address)] == []
        await context.close()
