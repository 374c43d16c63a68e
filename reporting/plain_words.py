"""Words that change nothing beside a number, and those that only say where, who or what kind."""

from reporting.words import Lexicon, Spellings, folds, words

# Words that carry no activity of their own: between a number and a name they change nothing.
_GENERIC = (
    "tổ chức được đã có với cho của về và các những là tham gia dự thu hút huy động hưởng ứng ra quân "
    "thực hiện triển khai phối hợp duy trì đạt tổng số lượng lượt buổi người hoạt học tập quán triệt "
    "tuyên truyền phổ biến giáo dục huấn hướng dẫn tư vấn hỗ trợ giới thiệu chắp mối kết nối trao tặng "
    "vận quyên góp ủng hộ đoàn viên thanh niên đvtn đv tn ttn thiếu nhi sinh hội cán bộ đồng chí bạn trẻ "
    "em anh chị bà con nhân dân nghèo đình chính sách chi xã phường cơ sở đơn vị mình tụi bên quý này kỳ "
    "tháng năm nay trong toàn thể tại trên địa bàn thôn khu xóm ấp bản làm mới xây dựng trồng thêm cùng "
    "chung theo để từ dịp nhằm phần bằng hình thức linh đều đặn định hàng ạ nhé nha rồi thôi nữa lại vừa "
    "qua ngày đợt cao điểm lần cuộc chuyến chương trình chủ đề chuyên công tác phong trào nội dung quả "
    "báo cáo như sau thì mà cũng đến hoàn thành khoảng hơn gần tầm trị giá kinh phí tiền mặt triệu chiều "
    "dài tuyến đường km mét cây đang còn lập xong mở giúp đỡ chăm lo đối tượng lao quần chúng đi chất "
    "hiệu thiết ý nghĩa tích cực sôi nổi đông đảo đầy đủ nghiêm túc bổ ích tiếp tục thường xuyên giao "
    "cấp dưới huyện tỉnh trung ương ban vụ chấp hành bí thư phó cài đặt kích nộp tạo đăng tải chia sẻ "
    "viết phát phản bác report hiến nhận nuôi khám gồm riêng đảng nhà nước quy mô tính stt tt ghi chú "
    "ngoại khóa quê làng ngõ ơi dạ vâng thưa kính gửi xin nè nghen nhen hen luôn á đó đấy thế nhỏ lớn"
)
GENERIC: frozenset[str] = folds(_GENERIC)

# After these a phrase only says where, why or for whom; it names no other activity.
PREPOSITIONS: frozenset[str] = folds(
    "tại ở nơi trên dọc quanh cho nhân chào mừng kỷ niệm bằng do cùng của về trong từ đối với nhằm góp ngay "
    "gắn theo để giúp"
)

# Besides GENERIC: time, order, manner, who, how many, and what the phrases of scopes and corrections already weighed.
EXPLAINED = Spellings(
    _GENERIC,
    "i ii iii iv hôm nay qua vừa mới gần đầu cuối kế hoạch chỉ tiêu vượt lũy kế luỹ nửa nam nữ "
    "đ/c bạn bọn ni hai một lên nền nếp cả sung bổ ủy viên cử hè trẻ con nhầm phải không sửa "
    "tiểu học thcs thpt đại cao đẳng lớp khối trường nghe xem tổ dân phố bh kt kq bc hs sv hssv cnvc "
    "nên là thành toàn bộ tự nguyện đúng đủ sạch đẹp liên tiếp xa gần hưởng gương người tốt ngoài ra riêng "
    "khó khăn mồ côi khuyết tật cô đơn già neo thương binh liệt sĩ công nhân cn cháu bé hộ cận đoàn miền bão tết "
    "xuân thu hạ đông lũ lụt vùng "
    "bồi dưỡng phát hiện đưa khánh ptth đài báo truyền hình thanh mua an tôm cá nấm gà lợn heo bò dê hươu "
    "ong thương mại "
    "cộng mỗi nhưng chứ vẫn mắt thẻ toán bắc côn đảo bờ kè kênh mương ao hồ suối biển bãi chợ trang đình chùa "
    "trụ hẻm phố viên "
    "nổi bật điển tiêu biểu cụ đáng kể thiết tích nhiệm vụ văn minh đô thị nguồn lực bộ quyết liệt sâu rộng ven tới "
    "sáng chiều tối trưa đh lội quân sự thứ dụng "
    "lắp đặt dựng nhập dữ áo hoàn à ừ ờ tài nguyên thiên liệu "
    "đính chính tiết kiệm khang trang giữ gìn bảo vệ an toàn xanh sạch đẹp nhanh chủ yếu chính quyền địa "
    "thăm hỏi viếng hương thắp nến vì quỹ mẹ vnah phiên giao mùa khóa ngoại gtđb atgt mục đứa cấp "
    "còn ước ad bot gv ts đạt tỷ lệ hơn so x k đ tr ng trực tuyến online",
)

# A name of a place or a body follows, of up to three words.
PLACES: frozenset[str] = folds(
    "xã phường thôn ấp buôn bản xóm khu khóm khối huyện tỉnh quận tdp phố trường cty viện điện lực tnhh nhánh"
)

# Verbs before which stands who did it.
SUBJECT_ENDS: frozenset[str] = folds("là gồm đã tổ ra triển thực phối chỉ có được duy báo")

# What stands behind "cây" without making it another thing.
TREES = Spellings(
    "keo bàng phượng xoan lim sao dầu thông bạch đàn mít xoài ổi bưởi cam chanh dừa cau tre mai đào hoa ăn quả trái "
    "bóng mát lâm nghiệp phân tán gỗ dổi lát sưa tùng bằng lăng muồng osaka hoàng yến giấy chuông vàng đước mắm bần "
    "phi lao dương sấu long não sala lộc vừng vải nhãn quế hồi mắc ca cà phê tiêu sầu riêng bơ điều cao su tràm "
    "me lai rừng mỡ luồng vầu giống con non ban tím các loại anh tường vi trúc xà cừ bầu"
)

# Harmless only together.
EXPLAINED_TOGETHER: Lexicon[bool] = words(
    "chuyển đổi số, chuyển đổi, chuyển phát, chuyển biến, bị bão, bị lũ, bị thiên tai, bị ảnh hưởng, bị thiệt hại, "
    "bị ngập, bị nạn, bị tai nạn, bị bệnh, bị sập, bị mưa, bị hỏa hoạn, bị cháy, bị mất mùa, bị hạn, bị khuyết tật"
)
