"""A pasted report in the dialogue: one table, one confirmation, and few messages in all."""

import pytest
from databases import ON_SQLITE
from journey import JOURNEYS, Player, opened
from province import FIRST, load_province

from bot.export.reports import submissions_json
from handlers.messages import FileNotRead
from storage.periods import rounds
from storage.reports import submissions

CLEAR = (
    "Báo cáo quý I chi đoàn thôn Đông:\n1. Sinh hoạt chính trị 2 đợt, 45 lượt dự; về nguồn 1 hoạt động; đăng fanpage"
    " 12 tin bài\n2. Vệ sinh môi trường 2 buổi, 35 lượt. Trồng 120 cây xanh, thắp sáng 0,5km. Công trình thanh niên: 2;"
    " hiến máu 4 đơn vị; tặng 20 suất quà trị giá 10 triệu đồng\n3. Hỗ trợ 30 hồ sơ trực tuyến, 25 tài khoản VNeID,"
    " 3 ý tưởng sáng tạo\n4. 1 hoạt động khởi nghiệp, 30 lượt tham gia\n5. Sinh hoạt chi đoàn 3 buổi, 62 lượt;"
    " tổng số đoàn viên: 32; đoàn viên mới: 4; hội viên mới: 5\n6. Hoạt động thiếu nhi: 2; em nuôi: 1\n"
    "7. Đoàn viên ưu tú: 2; kết nạp đảng: 1"
)
AMOUNTS = {
    "sinh_hoat_chinh_tri": 2, "luot_hoc_tap_tuyen_truyen": 45, "hoat_dong_ve_nguon": 1, "tin_bai_fanpage": 12,
    "don_ve_sinh": 2, "luot_don_ve_sinh": 35, "cay_xanh": 120, "km_thap_sang": 500, "cong_trinh_thanh_nien": 2,
    "don_vi_mau": 4, "suat_qua": 20, "tien_an_sinh": 10_000_000, "ho_so_truc_tuyen": 30, "tai_khoan_vneid": 25,
    "y_tuong_sang_tao": 3, "hoat_dong_khoi_nghiep": 1, "luot_khoi_nghiep": 30, "sinh_hoat_chi_doan": 3,
    "luot_sinh_hoat_chi_doan": 62, "tong_doan_vien": 32, "doan_vien_moi": 4, "hoi_vien_moi": 5,
    "hoat_dong_thieu_nhi": 2, "em_nuoi": 1, "doan_vien_uu_tu": 2, "dang_vien_moi": 1,
}  # fmt: skip


@pytest.fixture
async def lan(migrated_url: str):  # type: ignore[no-untyped-def]
    await load_province(migrated_url, JOURNEYS / "provinces" / "hoaan.yaml", FIRST)
    player = Player(migrated_url, await opened(migrated_url, FIRST), chat="lan")
    yield player
    await player.demo.app.close()


async def bot_messages(player: Player) -> int:
    rows = await player.demo.app.db.read(
        "select count(*) from local_message where chat_id = ? and sender = 'bot'", (player.chat,)
    )
    count: int = rows[0][0]
    return count


async def stored(player: Player) -> tuple[str, dict[str, int]]:
    rows = await player.demo.app.db.read(
        "select s.period_id, s.unit_id from submission s join unit u on u.id = s.unit_id join period p"
        " on p.id = s.period_id where u.code = 'CD01' and p.code = '2026-Q1'"
    )
    if not rows:
        return "none", {}
    held = await submissions.held(player.demo.app.db, rows[0][0], "2026-Q1", rows[0][1])
    return held.draft.state, {code: value.amount for code, value in held.draft.values.items()}


@ON_SQLITE
async def test_a_clear_paste_of_a_whole_report_costs_three_bot_messages(lan: Player) -> None:
    await lan.act(text=CLEAR)
    assert await stored(lan) == ("none", {}), "nothing is stored before the person has said it is right"
    await lan.tap("Đúng")
    await lan.tap("Gửi báo cáo")
    assert await stored(lan) == ("submitted", AMOUNTS)
    assert await bot_messages(lan) == 3


@ON_SQLITE
async def test_a_report_guided_by_section_costs_at_most_one_message_a_section_and_three(lan: Player) -> None:
    await lan.act(text="bc")
    for answer in (
        "sinh hoạt chính trị 2, 45 lượt, về nguồn 1, 12 tin bài",
        "2 buổi, 35 lượt, 120 cây, 0,5 km",
        "công trình 2, 4 đơn vị máu, 20 suất, 10 triệu",
        "30 hồ sơ, 25 tài khoản, 3 ý tưởng",
        "1 hoạt động, 30 lượt",
        "3 buổi, 62 lượt, tổng số đoàn viên 32, đoàn viên mới 4",
        "5",
        "hoạt động thiếu nhi 2, em nuôi 1",
        "đoàn viên ưu tú 2, kết nạp đảng 1",
    ):
        await lan.act(text=answer)
    await lan.tap("Gửi báo cáo")
    assert await stored(lan) == ("submitted", AMOUNTS)
    sections = 8
    assert await bot_messages(lan) <= sections + 3


@ON_SQLITE
async def test_a_paste_in_two_messages_is_one_table(lan: Player) -> None:
    first, second = CLEAR[: CLEAR.index("\n4.")], CLEAR[CLEAR.index("4.") :]
    await lan.act(text=first)
    await lan.act(text=second)
    await lan.tap("Đúng")
    assert (await stored(lan))[1] == AMOUNTS


@ON_SQLITE
async def test_a_value_in_the_table_is_corrected_before_it_is_stored(lan: Player) -> None:
    await lan.act(text=CLEAR)
    await lan.act(text="sửa cây xanh 150")
    await lan.act(text="1")
    assert (await stored(lan))[1] == {**AMOUNTS, "cay_xanh": 150}


@ON_SQLITE
async def test_a_paste_over_a_draft_shows_old_and_new_and_asks_first(lan: Player) -> None:
    await lan.act(text="bc")
    await lan.act(text="sửa cây xanh 90")
    lan.heard.clear()
    await lan.act(text=CLEAR)
    assert "- 120 cây xanh (đang lưu: 90 cây)" in lan.heard
    assert (await stored(lan))[1]["cay_xanh"] == 90


@ON_SQLITE
async def test_a_report_sent_as_a_file_is_read_like_a_paste(lan: Player) -> None:
    async def fetch(file_id: str, most: int) -> bytes:
        assert file_id == "f1"
        return CLEAR.encode()

    lan.demo.local.fetch = fetch  # type: ignore[method-assign]
    await lan.act(kind="file", file_id="f1", file_name="bao cao.txt", file_size=900)
    await lan.tap("Đúng")
    assert (await stored(lan))[1] == AMOUNTS


@ON_SQLITE
async def test_a_file_that_cannot_be_fetched_is_one_clear_line(lan: Player) -> None:
    async def fetch(file_id: str, most: int) -> bytes:
        raise FileNotRead("file.not_fetched")

    lan.demo.local.fetch = fetch  # type: ignore[method-assign]
    await lan.act(kind="file", file_id="f1", file_name="bao cao.txt", file_size=900)
    assert lan.heard == ["Tôi chưa tải được tệp. Đồng chí gửi lại, hoặc dán nội dung vào tin nhắn."]


@ON_SQLITE
async def test_the_reason_for_a_doubted_value_reaches_the_export_and_the_office(lan: Player) -> None:
    await lan.act(text="cây xanh 9.000")
    assert await stored(lan) == ("none", {})
    await lan.act(text="do xã phát động trồng cây")
    assert (await stored(lan))[1] == {"cay_xanh": 9000}
    app = lan.demo.app
    [round_] = await rounds.open_rounds(app.db)
    exported = await submissions_json(app.db, app.catalogue, round_, None, lan.demo.clock.now().date())
    [mine] = [entry for entry in exported["submissions"] if entry["unit"] == "CD01"]
    assert mine["values"]["cay_xanh"] == {
        "value": 9000, "approx": False, "source": "cây xanh 9.000", "note": "do xã phát động trồng cây",
    }  # fmt: skip
    await lan.act(text="cây xanh 90")
    exported = await submissions_json(app.db, app.catalogue, round_, None, lan.demo.clock.now().date())
    [mine] = [entry for entry in exported["submissions"] if entry["unit"] == "CD01"]
    assert "note" not in mine["values"]["cay_xanh"], "a new value has not been doubted"
