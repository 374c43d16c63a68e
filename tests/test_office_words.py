"""How an office writes periods, days, hours and whole orders."""

from datetime import date, time

import pytest

from handlers.orders.orders import Order, TwoMeant, Unplaced, order_in, orders_in
from reporting.time.as_written import NotADay, OtherWeekday, day_in, period_in, plain, time_in
from reporting.time.periods import PeriodError

TODAY = date(2026, 4, 2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("2026-q2", "2026-Q2"),
        ("Quý II", "2026-Q2"),
        ("quy 4 năm 2025", "2025-Q4"),
        ("quý I/2027", "2027-Q1"),
        ("sáu tháng đầu năm", "2026-H1"),
        ("6 tháng cuối năm 2025", "2025-H2"),
        ("9 tháng", "2026-9M"),
        ("tháng 3", "2026-03"),
        ("năm học 2025-2026", "2025-2026-S"),
        ("năm 2026", "2026-Y"),
        ("2026-D-THANG-THANH-NIEN", "2026-D-THANG-THANH-NIEN"),
    ],
)
def test_a_period_is_known_by_its_code_and_by_its_name(words: str, code: str) -> None:
    found = period_in(plain(f"khóa kỳ {words} nhé"), TODAY)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("words", ["2026-13", "tháng 13", "2026-Q7"])
def test_a_period_that_cannot_be_is_an_error_not_another_period(words: str) -> None:
    with pytest.raises(PeriodError):
        period_in(plain(words), TODAY)


@pytest.mark.parametrize(
    ("words", "day", "hour"),
    [
        ("8h 15/4", date(2026, 4, 15), time(8)),
        ("8h15 thứ Năm 15/4/2027", date(2027, 4, 15), time(8, 15)),
        ("14 giờ 30 ngày 15 tháng 4", date(2026, 4, 15), time(14, 30)),
        ("08:00 2026-05-25", date(2026, 5, 25), time(8)),
        ("15.4", date(2026, 4, 15), None),
        ("8 giờ 15 thứ ba, ngày 13.4.27", date(2027, 4, 13), time(8, 15)),
        ("8h 24-4-2027", date(2027, 4, 24), time(8)),
        ("8h15-9h30 24/4/2027", date(2027, 4, 24), time(8, 15)),
        ("2 giờ chiều 13-4-2027", date(2027, 4, 13), time(14)),
        ("8 giờ rưỡi Chủ nhật 5/4", date(2026, 4, 5), time(8, 30)),
        ("20/11", date(2026, 11, 20), None),
        ("sáng mai", None, None),
    ],
)
def test_days_and_hours(words: str, day: date | None, hour: time | None) -> None:
    assert (day_in(plain(words), TODAY), time_in(plain(words))) == (day, hour)


def test_a_day_without_a_year_is_the_coming_one() -> None:
    assert day_in("10/1", date(2026, 12, 20)) == date(2027, 1, 10)
    assert day_in("29/2", date(2027, 12, 20)) == date(2028, 2, 29)


@pytest.mark.parametrize("words", ["31/4", "0/4", "15/13", "2026-02-30"])
def test_a_day_that_does_not_exist_is_an_error(words: str) -> None:
    with pytest.raises(NotADay):
        day_in(words, TODAY)


def test_a_weekday_that_contradicts_its_day_is_an_error_with_the_day_that_may_be_meant() -> None:
    with pytest.raises(OtherWeekday) as refused:
        day_in(plain("thứ Hai ngày 14/4"), TODAY)
    assert (refused.value.day, refused.value.near) == (date(2026, 4, 14), date(2026, 4, 13))


def test_an_hour_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(NotADay):
        time_in("25h 3/4")


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("/khóa kỳ quý I", Order("lock", "2026-Q1")),
        ("chot ky 2026-Q1", Order("close", "2026-Q1")),
        ("mở lại CD01", Order("reopen", subject="cd01")),
        (
            "gia hạn cho Chi đoàn thôn Đông quý I đến thứ Hai 20/4 vì bão",
            Order("extend", "2026-Q1", "chi doan thon dong", date(2026, 4, 20), reason="bão"),
        ),
        (
            "Dời giao ban cụm 2 sang 8h15 15/4 tại Nhà văn hóa Tân Lập.",
            Order("move", None, "cum 2", date(2026, 4, 15), time(8, 15), "Nhà văn hóa Tân Lập"),
        ),
        (
            "đặt giao ban cụm Tây Nguyên kỳ 2026-H1 8h 21/6 trực tuyến https://hop.example/TN",
            Order("set", "2026-H1", "cum tay nguyen", date(2026, 6, 21), time(8), "https://hop.example/TN", True),
        ),
        (
            "đặt giao ban cụm 1 8h 25/5 tại huyện Cô Tô, Đoàn xã Cô Tô đăng cai, chủ trì đồng chí Thảo và Hà",
            Order(
                "set",
                None,
                "cum 1",
                date(2026, 5, 25),
                time(8),
                "huyện Cô Tô",
                host="doan xa co to",
                chairs="đồng chí Thảo và Hà",
            ),
        ),
        (
            "dat giao ban cum 2 do DX02 dang cai tai hoi truong",
            Order("set", None, "cum 2", place="hoi truong", host="dx02"),
        ),
        (
            "dời giao ban cụm 4 sang 9h 14/4, đơn vị đăng cai DX04 chủ trì: Bí thư Tỉnh đoàn; Quân",
            Order("move", None, "cum 4", date(2026, 4, 14), time(9), host="dx04", chairs="Bí thư Tỉnh đoàn; Quân"),
        ),
        (
            "đặt giao ban cụm 2 chủ trì Hiệp, đăng cai Đoàn xã Hải Hòa",
            Order("set", None, "cum 2", host="doan xa hai hoa", chairs="Hiệp"),
        ),
        (
            "mở kỳ quý II, hạn nộp thứ Tư 10/6, số liệu đến 20/5, số ước, tự mở ngày 4/5",
            Order(
                "open",
                "2026-Q2",
                deadline=date(2026, 6, 10),
                cutoff=date(2026, 5, 20),
                opens=date(2026, 5, 4),
                estimated=True,
            ),
        ),
        ("mở kỳ quý II trước giao ban 5 ngày", Order("open", "2026-Q2", lead=5)),
        (
            "Mở kỳ Tháng Thanh niên từ 26/2 đến 31/3",
            Order("open", title="Tháng Thanh niên", first=date(2026, 2, 26), last=date(2026, 3, 31)),
        ),
        (
            "mở kỳ Đợt cao điểm từ 1/6 đến 31/8 theo biểu 6 tháng, hạn 20/8",
            Order(
                "open",
                title="Đợt cao điểm",
                first=date(2026, 6, 1),
                last=date(2026, 8, 31),
                deadline=date(2026, 8, 20),
                form="6_thang",
            ),
        ),
    ],
)
def test_an_order_is_taken_apart(said: str, order: Order) -> None:
    assert order_in(said, TODAY) == order


@pytest.mark.parametrize(
    ("said", "period", "place"),
    [
        ("đặt giao ban cụm 1 8h 25/5 tại huyện Cô Tô kỳ 6 tháng đầu năm", "2026-H1", "huyện Cô Tô"),
        ("đặt giao ban cụm 1 8h 25/5 tại huyện Cô Tô, kỳ tháng 5, chủ trì Hạnh", "2026-05", "huyện Cô Tô"),
        ("đặt giao ban cụm 1 tháng 5 8h 25/5 tại hội trường kỳ tháng 5", "2026-05", "hội trường"),
        ("đặt giao ban cụm 1 8h 25/5 tại nhà văn hóa Kỳ Lân", None, "nhà văn hóa Kỳ Lân"),
        ("đặt giao ban cụm 1 quý I 8h 25/5 tại phòng kỳ họp quý II", "2026-Q1", "phòng kỳ họp quý II"),
    ],
)
def test_a_period_behind_the_place_is_no_part_of_it(said: str, period: str | None, place: str) -> None:
    order = order_in(said, TODAY)
    assert order is not None
    assert (order.period, order.place, order.subject) == (period, place, "cum 1")


def test_a_cluster_s_number_before_a_month_is_no_day() -> None:
    assert order_in("hủy giao ban cụm 4 tháng 9", TODAY) == Order("cancel", "2026-09", "cum 4")
    order = Order("move", None, "cum 4", date(2026, 9, 15))
    assert order_in("dời giao ban cụm 4 sang 15 tháng 9", TODAY) == order


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("khóa kỳ quý I sau 15 ngày", Order("lock", "2026-Q1", lock_after=15)),
        ("mở kỳ quý II tự khóa sau 20 ngày", Order("open", "2026-Q2", lock_after=20)),
        (
            "mở kỳ quý II hạn 10/6, không tự khóa",
            Order("open", "2026-Q2", deadline=date(2026, 6, 10), never_locks=True),
        ),
        ("khóa kỳ quý I", Order("lock", "2026-Q1")),
    ],
)
def test_when_a_period_locks_itself_is_said_with_the_order(said: str, order: Order) -> None:
    assert order_in(said, TODAY) == order


@pytest.mark.parametrize(
    "said",
    [
        "tiến độ",
        "Mở rộng 2 câu lạc bộ",
        "khóa kỹ năng 3 lớp",
        "mở kỹ năng mềm quý I",
        "khóa học kỹ năng 3 lớp",
        "",
        "🎉",
    ],
)
def test_what_is_no_order_is_left_to_others(said: str) -> None:
    assert order_in(said, TODAY) is None


@pytest.mark.parametrize("said", ["khóa kỳ quý I", "mở kỳ quý II hạn 10/6", "dời giao ban cụm 2 sang 15/4", "các kỳ"])
def test_some_orders_cannot_be_a_clause_of_a_report(said: str) -> None:
    order = order_in(said, TODAY)
    assert order is not None
    assert order.plain


@pytest.mark.parametrize(
    "said",
    ["mở lại 2 lớp học", "gia hạn 20 thẻ", "gia hạn 5 hợp đồng đến 20/4", "mo ky nang 3 lop",
     "kỳ báo cáo quý I: 150 cây", "mở lại lớp học tình thương ngày 20/4"],
)  # fmt: skip
def test_some_orders_might_be_a_clause_of_a_report(said: str) -> None:
    order = order_in(said, TODAY)
    assert order is not None
    assert not order.plain


@pytest.mark.parametrize(
    ("when", "unread"),
    [
        ("14h thứ tư tuần sau", True), ("9h ngày mai", True), ("9h sáng nhé", False), ("lúc 9h", False),
        ("9h thứ hai 13/4", False), ("2 giờ chiều", False),
    ],
)  # fmt: skip
def test_what_stands_beside_the_hour_and_is_no_day_is_not_passed_over(when: str, unread: bool) -> None:
    order = order_in(f"dời giao ban cụm 2 sang {when}", date(2026, 4, 2))
    assert order is not None
    assert order.unread_day is unread


def test_a_deadline_that_is_no_day_is_refused() -> None:
    with pytest.raises(NotADay):
        order_in("mở kỳ tháng 4 hạn thứ hai tới", date(2026, 4, 2))


@pytest.mark.parametrize(
    ("said", "orders"),
    [
        (
            "cụm 4 họp 15/4 8h và cụm 3 họp 16/4 14h ở hội trường xã",
            [
                Order("set", None, "cum 4", date(2026, 4, 15), time(8)),
                Order("set", None, "cum 3", date(2026, 4, 16), time(14), "hội trường xã"),
            ],
        ),
        (
            "dời giao ban quý I cụm 1 sang 8h 15/4, cụm 2 sang 14h 16/4",
            [
                Order("move", "2026-Q1", "cum 1", date(2026, 4, 15), time(8)),
                Order("move", "2026-Q1", "cum 2", date(2026, 4, 16), time(14)),
            ],
        ),
        (
            "đặt giao ban cụm 1 và cụm 2 8h 13/4 tại nhà văn hóa",
            [
                Order("set", None, "cum 1", date(2026, 4, 13), time(8), "nhà văn hóa"),
                Order("set", None, "cum 2", date(2026, 4, 13), time(8), "nhà văn hóa"),
            ],
        ),
        ("hủy giao ban cụm 1 và cụm 2", [Order("cancel", subject="cum 1"), Order("cancel", subject="cum 2")]),
        ("khóa kỳ quý I và kỳ tháng 3", [Order("lock", "2026-Q1"), Order("lock", "2026-03")]),
        (
            "gia hạn CD01 và Chi đoàn thôn Đông đến 20/4 vì bão, xã bị cô lập",
            [
                Order("extend", None, "cd01", date(2026, 4, 20), reason="bão, xã bị cô lập"),
                Order("extend", None, "chi doan thon dong", date(2026, 4, 20), reason="bão, xã bị cô lập"),
            ],
        ),
        (
            "mở kỳ quý I\nđặt giao ban cụm 1 14h 12/4 tại Tân Lập, chủ trì Thái và Hà\nkhóa kỳ tháng 3; mở lại CD01",
            [
                Order("open", "2026-Q1"),
                Order("set", None, "cum 1", date(2026, 4, 12), time(14), "Tân Lập", chairs="Thái và Hà"),
                Order("lock", "2026-03"),
                Order("reopen", subject="cd01"),
            ],
        ),
        ("mở kỳ tháng 3 do cụm 1 và cụm 2 nộp", [Order("open", "2026-03", owes="cum 1 va cum 2")]),
        ("đơn vị nộp tháng 3: cụm 1, cụm 2", [Order("owes", "2026-03", owes="cum 1, cum 2")]),
        (
            "gia hạn Chi đoàn Sở Khoa học và Công nghệ đến 20/4",
            [Order("extend", None, "chi doan so khoa hoc va cong nghe", date(2026, 4, 20))],
        ),
    ],
)
def test_no_order_of_a_message_is_lost(said: str, orders: list[Order]) -> None:
    assert [order for _, order in orders_in(said, TODAY)] == orders


@pytest.mark.parametrize(
    ("said", "first", "second"),
    [
        ("dời giao ban cụm 1 sang 15/4 hoặc 16/4", "15/4", "16/4"),
        ("đặt giao ban cụm 1 8h hay 9h 15/4 tại xã", "8h", "9h"),
        ("gia hạn CD01 đến 20/4 hoặc 25/4", "20/4", "25/4"),
        ("khóa kỳ quý I hoặc quý II", "quy i", "quy ii"),
        ("hủy giao ban cụm 1 quý I và quý II", "quy i", "quy ii"),
    ],
)
def test_of_two_days_hours_or_periods_none_is_taken(said: str, first: str, second: str) -> None:
    with pytest.raises(TwoMeant) as refused:
        orders_in(said, TODAY)
    assert (refused.value.first, refused.value.second) == (first, second)


@pytest.mark.parametrize(
    "said", ["mở kỳ quý II 10/6", "mở kỳ quý II hạn 10/6 hoặc 12/6", "khóa kỳ quý I ngày 20/4", "chốt kỳ quý I 20/4"]
)
def test_a_day_of_which_nothing_is_said_is_not_passed_over(said: str) -> None:
    with pytest.raises(Unplaced):
        orders_in(said, TODAY)


def test_the_hour_at_which_a_meeting_ends_is_not_its_beginning() -> None:
    order = order_in("đặt giao ban cụm 1 8h đến 11h 13/4 tại xã", TODAY)
    assert order == Order("set", None, "cum 1", date(2026, 4, 13), time(8), "xã")


def test_a_clause_on_a_meeting_may_be_one_of_a_report() -> None:
    order = order_in("Cụm 1 họp giao ban ngày 15/4", TODAY)
    assert order is not None
    assert not order.plain
