"""What the simulated people say: the report of a branch, question by question, and the same one pasted.

Everybody has figures of their own, none so far above the usual that it would be doubted, so that what was read for
one person is not remembered for the next. The words are those of tests/journeys.
"""

from random import Random


def typed(person: int) -> list[str]:
    """A quarter's report of a chi đoàn, six answers between "BC" and "gửi"."""
    of = Random(person).randint
    return [
        "BC",
        f"sinh hoạt chính trị {of(1, 4)} hoạt động; {of(60, 150)} lượt; về nguồn {of(1, 3)} hoạt động;"
        f" {of(5, 30)} tin, bài",
        f"dọn vệ sinh {of(1, 4)} buổi; {of(30, 80)} lượt; {of(20, 150)} cây; thắp sáng 0,{of(3, 8)} km",
        f"1 công trình; {of(2, 6)} đơn vị máu; {of(5, 20)} suất quà; {of(2, 9)} triệu đồng",
        f"{of(5, 20)} hồ sơ; {of(10, 40)} tài khoản; {of(1, 3)} ý tưởng; còn lại không phát sinh",
        f"3 buổi; {of(55, 75)} lượt; tổng số đoàn viên {of(25, 40)} người; đoàn viên mới {of(1, 3)} người;"
        f" hội viên mới {of(2, 6)} người",
        f"{of(1, 2)} hoạt động; {of(1, 3)} em; đoàn viên ưu tú {of(1, 2)}; đảng viên mới {of(1, 2)}",
        "gửi",
    ]


def pasted(person: int) -> list[str]:
    """What branches write into their Zalo group, complete; then "1" to the table, which sends it."""
    of = Random(person).randint
    return [
        f"Báo cáo quý: sinh hoạt chính trị 3 hoạt động, {of(60, 150)} lượt; về nguồn 2 hoạt động; {of(5, 30)} tin bài "
        f"fanpage; dọn vệ sinh 3 buổi, {of(30, 80)} lượt tham gia dọn vệ sinh; trồng {of(20, 150)} cây xanh; "
        f"thắp sáng 0,{of(3, 8)} km đường; 1 công trình thanh niên; hiến máu {of(2, 6)} đơn vị; {of(5, 20)} suất quà; "
        f"nguồn lực an sinh xã hội: {of(2, 9)} triệu đồng; {of(5, 20)} hồ sơ dịch vụ công trực tuyến; "
        f"{of(10, 40)} tài khoản VNeID; 1 ý tưởng sáng tạo; khởi nghiệp 0 hoạt động, 0 lượt khởi nghiệp; "
        f"sinh hoạt chi đoàn 3 buổi, {of(55, 75)} lượt sinh hoạt chi đoàn; tổng số đoàn viên {of(25, 40)}; "
        f"đoàn viên mới {of(1, 3)}; hội viên mới {of(2, 6)}; 0 hoạt động thiếu nhi; 0 em nuôi; đoàn viên ưu tú 1; "
        "đảng viên mới 1",
        "1",
    ]


RECEIPT = "Mã biên nhận"
