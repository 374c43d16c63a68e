"""What the simulated people say: the report of a branch, question by question, and the same one pasted."""

# The words are those of tests/journeys: a quarter's report of a chi đoàn, nine questions, then "gửi".
TYPED = (
    "BC",
    "sinh hoạt chính trị 3 hoạt động; 120 lượt; về nguồn 2 hoạt động; 20 tin, bài",
    "dọn vệ sinh 3 buổi; 62 lượt; 120 cây; thắp sáng 0,5 km",
    "1 công trình; 4 đơn vị máu; 10 suất quà; 3 triệu đồng",
    "12 hồ sơ; 30 tài khoản; 1 ý tưởng",
    "không phát sinh",
    "3 buổi; 60 lượt; tổng số đoàn viên 30 người; đoàn viên mới 2 người",
    "5",
    "1 hoạt động, 2 em",
    "1 và 1",
    "gửi",
)

# What branches write into their Zalo group; then "đúng" to the table, "gửi" to the review.
PASTED = (
    "Báo cáo quý: sinh hoạt chính trị 3 hoạt động, 120 lượt; về nguồn 2 hoạt động; 20 tin bài fanpage; "
    "dọn vệ sinh 3 buổi, 62 lượt tham gia dọn vệ sinh; trồng 120 cây xanh; thắp sáng 0,5 km đường; "
    "1 công trình thanh niên; hiến máu 4 đơn vị; 10 suất quà; nguồn lực an sinh xã hội: 3 triệu đồng; "
    "12 hồ sơ dịch vụ công trực tuyến; 30 tài khoản VNeID; 1 ý tưởng sáng tạo; "
    "khởi nghiệp 0 hoạt động, 0 lượt khởi nghiệp; sinh hoạt chi đoàn 3 buổi, 60 lượt sinh hoạt chi đoàn; "
    "tổng số đoàn viên 30; đoàn viên mới 2; hội viên mới 5; 0 hoạt động thiếu nhi; 0 em nuôi; "
    "đoàn viên ưu tú 1; đảng viên mới 1",
    "đúng",
    "gửi",
)

RECEIPT = "Mã biên nhận"
