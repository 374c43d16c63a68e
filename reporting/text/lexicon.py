"""The words the reading rules turn on, grouped by rule: data, so that a phrase is corrected in one place."""

from reporting.text.words import Lexicon, folds, words

# How much: words around a number.

APPROX_BEFORE: Lexicon[bool] = words(
    "hơn, trên, trên dưới, gần, khoảng, khoảng chừng, chừng, ước, ước tính, ước đạt, ước khoảng, "
    "ước chừng, xấp xỉ, tầm, tầm khoảng, cỡ, cỡ chừng, độ chừng, độ khoảng, non, ngót, ngót nghét, "
    "áng chừng, ~, ≈, +, >, ít nhất, tối thiểu, hơn cả, trên tổng số, tổng cộng hơn, tổng cộng trên, "
    "tổng trên, chừng hơn, khoảng hơn, khoảng trên"
)

APPROX_AFTER: Lexicon[bool] = words("+, có lẻ, có dư, trở lên, đổ lên")

BOUND_BEFORE: Lexicon[bool] = words("dưới, không quá, tối đa, chưa đến, chưa tới, chưa đầy, không dưới, <")

INDEFINITE: Lexicon[bool] = words(
    "vài, vài ba, mấy, dăm, dăm ba, dăm bảy, đôi ba, vài chục, mấy chục, vài trăm, mấy trăm, hàng chục, "
    "hàng trăm, hàng nghìn, hàng ngàn, hàng vạn, hằng trăm, hằng chục, gần trăm, hơn trăm, cả trăm, "
    "hơn chục, gần chục, cả chục, cả nghìn, cả ngàn, mươi, chục, trăm, vài nghìn, mấy nghìn, mấy ngàn, "
    "vài ngàn, trăm mấy, chục mấy, dăm chục, vài triệu, mấy triệu, hàng triệu"
)

RANGE_BETWEEN: Lexicon[bool] = words("-, ~, đến, tới, hoặc, hay, lên, lên đến, ->, ÷")

RATE_BEFORE: Lexicon[bool] = words(
    "mỗi, mỗi một, từng, bình quân, trung bình, bq, tb, hàng tháng, hằng tháng, đơn giá, "
    "định kỳ hàng tháng, hàng tuần, hằng tuần, hàng quý, cứ, x, ×, *, nhân với"
)

RATE_AFTER: Lexicon[bool] = words("mỗi, một, 1, trên mỗi, trên một, cho mỗi, hàng, hằng, từng")

NO_NUMBER: Lexicon[bool] = words(
    "không, 0, không có, chưa, chưa có, ko, ko có, k, k có, kg có, hông, hông có, hổng có, khong, "
    "khong co, không phát sinh, chưa phát sinh, chưa tổ chức, không tổ chức, chưa thực hiện, "
    "không thực hiện, chưa làm, không làm, chưa triển khai, không ghi nhận, không có gì, chưa có gì, "
    "trống, không nha, kh, kh có, hok, hok có, chẳng có, chả có, zero, không hoạt động nào, "
    "không buổi nào, không có buổi nào, không có ai, chưa có ai, không ai, chưa ai, "
    "không có đồng chí nào, không phát sinh gì, chưa có phát sinh, không có phát sinh, kps, không đạt, "
    "nil, không có số liệu phát sinh, chưa có đồng chí nào"
)

# Numbers that name something.

# The number straight after these words is part of a name; before a unit it is doubtful ("quý 3 buổi").
NAMED_BEFORE: Lexicon[bool] = words(
    "kp, phố, khu phố, thôn, khu, xóm, ấp, "
    " buôn, làng, tổ dân phố, tdp, khối, khóm, phường, quận, quý, quí, tháng, năm, "
    "mùng, mồng, thứ, điều, khoản, mục, chương, câu, số hiệu, mức, mức độ, cấp độ, bcđ, ban chỉ đạo, "
    "tác chiến, cụm số, nhiệm kỳ, giai đoạn, niên khóa, năm học, trang, phòng, quốc lộ, ql, tỉnh lộ, "
    "sđt, tel, hotline, cccd, cmnd, cmt, căn cước, stk, mã số, mã, học kỳ, hk, covid, công nghiệp, "
    "cách mạng, thời đại, lần thứ, thứ tự, stt, top, hạng, version, ngày, trưa, từ ngày, đến ngày, "
    "tiểu khu, lô, km số, thời điểm, lúc, hồi, nhà số, số nhà, nghị quyết số, nq số, kế hoạch số, "
    "công văn số, chỉ thị số, nghị định số, quyết định số, hướng dẫn số, kết luận số, văn bản số, "
    "số văn bản, cụm thi đua số"
)

# Also names, unless the number counts a unit: "nghị quyết 25" but "học nghị quyết 3 buổi".
NAMED_WEAKLY: Lexicon[bool] = words(
    "đợt, lần, buổi, lớp, bản, đội, kỳ, kì, tuần, chi đoàn, cđ, liên đội, đường, bài, cấp, tập, số, bộ, tổ, "
    "nhóm, lực lượng, vốn, quỹ, cụm, khóa, đại hội, đh, phụ lục, nghị quyết, nq, nghị định, nđ, luật, "
    "thông tư, tt, quyết định, qđ, kế hoạch, kh, công văn, cv, hướng dẫn, hd, chỉ thị, ct, đề án, "
    "kết luận, kl, sáng, chiều, tối, đt, tiết, hội, zalo"
)

# Before a counted unit these leave open whether the number belongs to them: "tuần 2 mô hình".
NAMED_EITHER_WAY: Lexicon[bool] = words("tuần, tổ, nhóm, cụm, đội, liên đội, chi đoàn, cđ, bản, khóa, thứ")

# These end in a naming word and name nothing: "tổng số 32", "đường nông thôn 2 km", "sinh hoạt chi đoàn 3".
NO_NAMES: Lexicon[bool] = words(
    "đường làng, đường thôn, đường xóm, ngõ xóm, thôn xóm, xóm làng, làng quê, trong làng, đường khu, "
    "tổng số, ts, số buổi, sĩ số, quân số, con số, chuyển đổi số, kỹ năng số, dịch vụ số, học vụ số, năng lực số, "
    "thắp sáng, chiếu sáng, ánh sáng, biên phòng, văn phòng, quốc phòng, "
    "nông thôn, liên thôn, các thôn, toàn thôn, trong thôn, liên xóm, sinh hoạt chi đoàn, họp chi đoàn, "
    "sh chi đoàn, sh cđ, sinh hoạt cđ, trong khu, toàn khu, sinh hoạt chi doan, hop chi doan, "
    "cùng chi đoàn, với chi đoàn, các chi đoàn, xuống chi đoàn, họp cđ, toàn chi đoàn, các cđ, "
    "kiểm tra chi đoàn, giám sát chi đoàn, kiểm tra cđ, "
    "thành lập chi đoàn, thành lập mới chi đoàn, chi đoàn mới, thành lập cđ"
)

# The number straight before these words is part of a name or a span of time.
NAMED_AFTER: Lexicon[bool] = words(
    "năm, tháng, quý, tuổi, giờ, phút, giây, cùng, liên kết, khâu đột phá, đột phá, nhiệm vụ, "
    "nhóm nội dung, nhóm nhiệm vụ, nội dung, mục tiêu, chương trình hành động, chương trình đồng hành, "
    "chương trình lớn, phong trào, không, sạch, tốt, rèn luyện, rèn, sẵn sàng, trách nhiệm, xung kích, "
    "lực lượng, nhất, đảm đang, an, biết, có, tiêu chí, tiêu chuẩn, ngày thành lập, ngày truyền thống, "
    "cuộc vận động, đồng hành, bước, trong 3, trong ba, tuần, điều bác hồ dạy, điều bác dạy, điều, h, g, "
    "lượt xem, view"
)

# Named things that carry a number inside.
FIXED_NAMES: Lexicon[bool] = words(
    "24/24, 24/7, 24/24h, 1 trong 3, 1 trong những, một trong, một trong những, một số, một lần nữa, "
    "4.0, 5g, 4g, 3 cùng, ba cùng, 3 liên kết, ba liên kết, nhóm 35, vốn 120, quỹ 120, ba khâu, "
    "một dải non sông, một cửa, một mặt, một phần, ba mẹ, hai bên, một bên, hai miền, một chút, "
    "hai chiều, một cách, một vài, mot so, mot phan, mot cach, mot trong, 3 sạch, 5 không, "
    "5 không 3 sạch, 5 tốt, 3 tốt, 3 rèn luyện, 2 cấp, hai cấp, chính quyền 2 cấp, mô hình 2 cấp, 1 cửa"
)

DATE_WORDS: Lexicon[bool] = words(
    "ngày, sáng, chiều, tối, từ, đến, hạn, dịp, lễ, mừng, trước, sau, vào, hôm, sáng ngày, chiều ngày, "
    "thứ bảy, chủ nhật, kỷ niệm, mùng, lúc, sáng mùng, đến hết, tính đến"
)

# Done, planned, compared, asked.

# Everything until the end of the section is intended, not done.
PLAN_HEADINGS: Lexicon[bool] = words(
    "phương hướng, nhiệm vụ trọng tâm, kiến nghị, đề xuất, đề nghị, kế hoạch quý tới, kế hoạch quý sau, "
    "kế hoạch tháng tới, kế hoạch kỳ tới, dự kiến, chương trình công tác quý, nhiệm vụ quý tới, "
    "nhiệm vụ thời gian tới, giao ước thi đua, phuong huong, kế hoạch quý ii, kế hoạch quý iii, "
    "kế hoạch quý iv, nhiệm vụ quý ii, nhiệm vụ quý iii, nhiệm vụ quý iv"
)

PLAN_WORDS: Lexicon[bool] = words(
    "dự kiến, dự định, phương hướng, quý tới, quý sau, tháng tới, tháng sau, kỳ tới, kỳ sau, năm tới, "
    "năm sau, tuần tới, tuần sau, sắp tới, thời gian tới, tới đây, sẽ, phấn đấu, mục tiêu, đề nghị, "
    "đề xuất, kiến nghị, xin hỗ trợ, xin kinh phí, xin cấp, kính mong, mong muốn, mong được, cần thêm, "
    "cần hỗ trợ, cần trồng, cần có, nhiệm vụ trọng tâm, giao ước, cam kết, đang chuẩn bị, "
    "đề ra, năm học tới, tiếp theo, 6 tháng cuối năm, quý kế tiếp, dự tính, dự trù, ước tính quý sau, "
    "yêu cầu, chuẩn bị tổ chức, tới sẽ"
)

TARGET_WORDS: Lexicon[bool] = words(
    "chỉ tiêu, kế hoạch, kh, được giao, giao chỉ tiêu, đăng ký, đk, chỉ tiêu giao, chi tieu giao, "
    "kế hoạch năm, kế hoạch đề ra, ct năm, ct giao"
)

# A target word after one of these speaks of what was fulfilled.
FULFILLING_WORDS: Lexicon[bool] = words(
    "thực hiện, theo, triển khai, hoàn thành, đạt, vượt, xây dựng, ban hành, căn cứ, đúng, chưa đạt, so với"
)

COMPARED_WITH: Lexicon[bool] = words("hoàn thành, đạt, vượt, chưa đạt, so với, hoàn thành vượt, %, bằng, đạt %, của")

COMPARISON_WORDS: Lexicon[bool] = words(
    "dư nợ, tổng dư nợ, vốn đối ứng, "
    "so với, so, cùng kỳ, tăng, giảm, vượt, năm ngoái, năm trước, quý trước, kỳ trước, tháng trước, "
    "còn lại, còn thiếu, hụt, năm rồi, hồi năm ngoái, quý 4 năm ngoái, tăng thêm, tăng hơn, giảm còn, "
    "cao hơn, thấp hơn, nhiều hơn, ít hơn, chưa được, chưa hoàn thành"
)

NO_COMPARISON: Lexicon[bool] = words(
    "còn lại trồng, còn lại tổ chức, tổng hợp, tổng kết, "
    "tăng cường, gia tăng, giảm nghèo, giảm thiểu, vượt khó, vượt qua, vượt lên, tăng gia, tăng cao, "
    "giảm nhẹ, tăng tốc, giảm rác thải, xóa đói giảm nghèo"
)

# The heading of an older report that was pasted below for comparison, and of this one.
REPORT_WORDS: Lexicon[bool] = words("báo cáo, số liệu, bc, kết quả, bản báo cáo")
OLDER_WORDS: Lexicon[bool] = words(
    "cũ, kỳ trước, quý trước, tháng trước, năm trước, năm ngoái, lần trước, đợt trước, quý rồi gửi, để đối chiếu, "
    "để so sánh, để tham khảo, tham khảo, năm học trước, đã nộp, hôm trước"
)
THIS_PERIOD: Lexicon[bool] = words("quý này, kỳ này, tháng này, lần này, mới, năm nay, đợt này")

CUMULATIVE_WORDS: Lexicon[bool] = words(
    "lũy kế, luỹ kế, cộng dồn, từ đầu năm, tính từ đầu năm, từ đầu nhiệm kỳ, từ đầu năm học, "
    "từ trước đến nay, cả nhiệm kỳ, từ đầu năm đến nay, lk"
)

DONE_WORDS: Lexicon[bool] = words(
    "nhưng, nhưng mới, mới chỉ, chỉ mới, song, thực tế, thực hiến, thực thu, thu về, thu được, thực nhận, tiếp nhận, "
    "đã, kết quả, quý này, kỳ này, tháng này, năm nay, đến nay, hiện nay, hiện tại, hoàn thành, "
    "làm được, th, kq, trong kỳ, riêng quý này, riêng quý, riêng kỳ này, quý vừa rồi, quý vừa qua, "
    "vừa rồi, vừa qua, quý rồi, thực hiện, thực hiện được, nay, riêng trong quý, trong quý, "
    "trong quý này, tới nay, đạt được, mới được, mới trồng được, mới làm được"
)

STRONGLY_DONE: Lexicon[bool] = words(
    "nhưng, nhưng mới, mới chỉ, chỉ mới, song, thực tế, thực hiến, thực thu, thu về, thu được, thực nhận, tiếp nhận, "
    "đã, kết quả, quý này, kỳ này, tháng này, đến nay, hiện nay, quý vừa rồi, quý vừa qua, vừa rồi, "
    "vừa qua, trong kỳ, riêng quý này, nay"
)

# Speaks of years until the sentence ends, commas or not.
TERM_WORDS: Lexicon[bool] = words(
    "nhiệm kỳ qua, nhiệm kỳ vừa qua, trong nhiệm kỳ, cả nhiệm kỳ, toàn nhiệm kỳ, 5 năm qua, năm năm qua, "
    "từ đầu nhiệm kỳ, nhiệm kỳ trước, những năm qua, trong 5 năm, trong các năm, 3 năm qua, hai năm qua"
)

PART_WORDS: Lexicon[bool] = words("trong đó, gồm, bao gồm, gồm có, trong số đó, riêng, trong đó có")

# Movements and bodies the catalogue does not count: a number behind one of these is nobody's.
NOBODY_REPORTS: Lexicon[bool] = words(
    "kết nạp đội, kết nạp đội viên, đội viên, chuyển sinh hoạt, chuyển đi, chuyển đến, tiếp nhận đoàn viên, "
    "tiếp nhận sinh hoạt, tiếp nhận đv, trưởng thành đoàn, "
    "trưởng thành, xóa tên, rút tên, kỷ luật, khai trừ, cảnh cáo, khiển trách, giải thể, sáp nhập, đi làm ăn xa, "
    "làm ăn xa, đi làm xa, đi học xa, lên đường nhập ngũ, nhập ngũ, đăng ký tham gia, đăng ký hiến, kết nạp vào đội, "
    "kết nạp đội viên mới"
)

# Bodies whose names are also names of indicators, and the words that make them somebody who helped.
ORGANISATIONS: Lexicon[bool] = words(
    "biên phòng, đồn biên phòng, bộ đội biên phòng, bộ đội, chiến sĩ, khuyến học, ngân hàng chính sách, "
    "khuyến nông, tổ công nghệ số, quân đội, hải đảo"
)
PARTNER_WORDS: Lexicon[bool] = words("phối hợp, phối hợp với, phối hợp cùng, kết hợp, cùng với, hội, trạm, trung tâm")

# A part that may be this unit's own whole: "cùng xã trồng 500 cây, riêng chi đoàn 60 cây".
OWN_PART: Lexicon[bool] = words(
    "riêng chi đoàn, riêng cđ, riêng đơn vị, riêng bên em, riêng bên mình, riêng em, riêng mình, riêng tụi em, "
    "riêng tụi mình, riêng đoàn, riêng thôn, riêng trường, riêng chúng em, riêng lớp, riêng chỗ em, "
    "trong đó đvtn, trong đó đv, trong đó đoàn viên, trong đó chi đoàn, trong đó thanh niên, trong đó đoàn xã, "
    "trong đó đoàn phường, trong đó đoàn trường, trong đó đơn vị em, trong đó bên em, trong đó cđ"
)

# Between a number and its name: meant or waiting, not done.
UNDONE_WORDS: Lexicon[bool] = words(
    "đăng ký, đăng kí, đang chờ, chờ duyệt, chưa, đủ điều kiện, đang thi công, đang xây, đang làm, dở dang, dang dở, "
    "thất bại, trùng nhau, trùng lặp, xuống cấp, hư, hư hỏng, thi công dở, "
    "quá hạn, có từ trước, dự định, sao chép, tạm dừng"
)

# Before a number these make it somebody else's gift or deed, unless the clause says that they helped.
RECEIVED: Lexicon[bool] = words(
    "nhận, được tặng, được nhận, nhận được, được trao, được hỗ trợ, được cấp, xin được, "
    "được tỉnh đoàn, được huyện đoàn, được cấp trên, được hội, được công ty, được mạnh thường quân, được nhà hảo tâm, "
    "xin xã"
)
FROM_ABOVE: Lexicon[bool] = words(
    "của tỉnh đoàn, của huyện đoàn, của thành đoàn, của trung ương, của cấp trên, của đoàn cấp trên, của tỉnh, "
    "do tỉnh đoàn, do huyện đoàn, do cấp trên, từ tỉnh đoàn, từ cấp trên, tỉnh đoàn kiểm tra, cấp trên kiểm tra, "
    "của đảng ủy, của ủy ban kiểm tra, của ubkt, của hội, của công đoàn, của mặt trận, của mttq, "
    "của ubnd, do huyện, do tỉnh, do trung tâm"
)
OTHER_BODIES: Lexicon[bool] = words(
    "hội phụ nữ, phụ nữ xã, hội nông dân, hội cựu chiến binh, hội ccb, cựu chiến binh, công đoàn, trạm y tế, ubnd, "
    "ủy ban nhân dân, ủy ban mttq, mttq, mặt trận, hội chữ thập đỏ, hội người cao tuổi, hợp tác xã, hội pn, hội nd, "
    "các hội, xã bạn, trường bạn, đơn vị bạn, chi bộ, đảng ủy, đảng bộ, nhà trường, các ban ngành"
)

# How many there are, which is not how many came in this period.
STOCK_WORDS: Lexicon[bool] = words(
    "hiện có, hiện đang có, đang có, hiện nay có, hiện còn, hiện đang, duy trì, duy trì hoạt động, toàn xã có, "
    "toàn trường có, cả xã có, toàn phường có, đã có sẵn"
)

# Fates of things that were counted elsewhere, or never: "8 hồ sơ bị trả lại".
LOST_WORDS: frozenset[str] = frozenset(
    ["bị", "chết", "loại", "hỏng", "thiếu", "rớt", "hủy", "huỷ", "vắng", "cần", "hụt", "mất"]
)

TOTAL_WORDS: Lexicon[bool] = words(
    "tổng cộng, tổng số, tổng, cộng, tất cả, cả thảy, tổng là, tổng cả, như vậy, tổng lại, cộng lại, "
    "tổng cộng là, toàn đoàn, tong cong, tính chung, tổng chung, tổng được, vị chi"
)

ASKING_WORDS: Lexicon[bool] = words(
    "cho em hỏi, cho hỏi, xin hỏi, cho mình hỏi, cho tôi hỏi, em hỏi, hỏi chút, anh ơi cho em, muốn hỏi"
)

ASKING_ENDS: Lexicon[bool] = words(
    "đúng không, phải không, được không, đúng ko, phải ko, được ko, hay sao, không vậy, hay không, "
    "có phải không, chưa vậy, hả"
)

# What did not happen.

NONE_WORDS: Lexicon[bool] = words(
    "không, chưa, ko, k, kg, kh, hông, hổng, khong, chẳng, chả, hok, không hề, chưa hề, kps"
)

# Between the negative and the name only these: "chưa hoàn thành xếp loại" is no zero.
BETWEEN_NONE_AND_NAME: frozenset[str] = folds(
    "co to chuc phat sinh thuc hien trien khai ghi nhan dien ra tham gia trong trao tang van dong mo lam "
    "ket nap gioi thieu duoc buoi hoat nao don vi chi d/c ai moi luot cuoc suat hoc tap ve nguon : doan "
    "vien dv ban nguoi thanh nien hay tin bai dang phat tren"
)

# Admissions that do not say to what: the Union, the Association or the Party.
JOINING: Lexicon[bool] = words("kết nạp mới, kết nạp, phát triển mới")

NONE_AFTER_NAME: Lexicon[bool] = words(
    "không, không có, chưa, chưa có, ko, ko có, k, k có, kg có, hông có, hổng có, khong, khong co, "
    "không phát sinh, chưa phát sinh, chưa tổ chức, chưa tổ chức được, không tổ chức, chưa thực hiện, "
    "không thực hiện, chưa làm, không làm, chưa triển khai, chưa làm được, chưa diễn ra, "
    "không có buổi nào, chưa có buổi nào, không có ai, chưa có ai, chưa thực hiện được, không tham gia, "
    "kps, chưa có phát sinh, không có phát sinh, chưa có đồng chí nào, không có đồng chí nào, "
    "chưa có bạn nào, không có bạn nào, chưa bạn nào, chưa có bạn nào đi, "
    "không có bạn nào đi, chưa có bạn nào tham gia, "
    "không có em nào, chưa có em nào, không có luôn, chưa có luôn, "
    "không có hoạt động nào"
)

# Words that may stand beside a number that names nothing: then it still answers the one thing that is asked.
BESIDE_BARE_NUMBERS: frozenset[str] = folds(
    "có được là tổng số cộng cả tất khoảng hơn trên gần tầm ước chừng dưới đạt thì dạ vâng ạ em anh chị thưa báo cáo "
    "rồi nhé nha nhe thôi quý này kỳ đơn vị bên mình tụi chi đoàn đồng chí đ c ad bot ok và"
)


# Corrections.

CORRECTION_WORDS: Lexicon[bool] = words(
    "à nhầm, nhầm, sửa lại, đính chính, cập nhật lại, xin sửa, sửa thành, à không, à quên, viết nhầm, "
    "ghi nhầm, gõ nhầm, nhầm rồi, chính xác là, đúng là, xin đính chính, đọc nhầm, em sửa, sửa, "
    "mới đúng, lộn, ghi lộn, à lộn, đánh lộn, nói lộn, lộn rồi, đúng ra, đúng ra là, đúng ra phải là, "
    "thật ra là, thực ra là"
)

NOT_THIS_BUT: Lexicon[bool] = words(
    "chứ không phải, chứ ko phải, chứ k phải, không phải, ko phải, không phải là, chứ không phải là, "
    "chứ hổng phải, hổng phải, chu khong phai, khong phai, chứ kp, thay vì, thay cho"
)

# Replies.

POLITE: Lexicon[bool] = words(
    "dạ, vâng, ạ, em, anh, chị, báo cáo, thưa, nhé, nha, nhe, ah, à, ơi, rồi, thôi, hết, quý này, "
    "kỳ này, tháng này, đơn vị, bên em, bên mình, chi đoàn, chi đoàn em, chỗ em, đ/c, đồng chí, ad, "
    "admin, bot, ok, thì, bên, mình, tụi em, nghen, hen, luôn"
)

VAGUE_ANSWERS: Lexicon[bool] = words(
    "nhiều, nhiều lắm, một số, không nhớ, khá nhiều, rất nhiều, đông, ít, không rõ, chưa rõ, vài, mấy, chưa thống kê"
)
