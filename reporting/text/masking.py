"""Masking of personal data in what people write, before any of it is kept; figures and names of places stay.

Masked are telephone and citizen numbers, e-mail addresses, and full names. A figure never looks like one of them: it
has no leading zero and ten digits, no twelve digits in a row that begin with zero. A name is masked when a known
surname and at least one more capitalised word follow "đồng chí", "anh", "bà" and their like, or when it stands alone
with a usual middle name ("Lê Văn An"), and no word for a place stands before: "Chi đoàn thôn Bà Triệu", "trường Võ Thị
Sáu" and "em nuôi" stay (domain rule: minimum data).
"""

import re
import unicodedata

MASK = "***"

_PHONE = re.compile(
    r"(?<![\w.,+])(?:\+?84[ .-]?|0)[35789]\d"
    r"(?:\d{7}|\d?([ .-])\d{3}\1\d{3,4}|([ .-])\d{4}\2\d{3}|\d?([ .-])\d{2,3}\3\d{2}\3\d{2}|\d[ .-]\d{6})"
    r"(?![\w]|[.,]\d)"
)
# "(0912)345678", "(+84) 912 345 678", "091 2345678", and lines of offices and homes: "0203.3825.678", "(024) 38256789".
_OTHER_PHONE = re.compile(
    r"(?<![\w.,+])(?:"
    r"(?:\((?:0[35789]\d{1,2}|\+?84)\)|\+?84 ?\(0\))[ .-]?\d(?:[ .-]?\d){5,8}"
    r"|0[35789]\d[ .-]\d{7}"
    r"|\(02\d{1,2}\)[ .-]?\d(?:[ .-]?\d){6,7}"
    r"|02\d{1,2}(?:[ .-]?\d{7,8}|([ .-])\d{4}\1\d{3,4}|([ .-])\d{3}\2\d{4})"
    r")(?![\w]|[.,]\d)"
)
_CITIZEN = re.compile(
    r"(?<![\w.,])0\d{2}(?:\d{9}|([ .-])\d{3}\1(?:\d{6}|\d{3}\1\d{3})|([ .-])\d{4}\2\d{5}|\d([ .-])\d{4}\3\d{4})"
    r"(?![\w]|[.,]\d)"
)
_LABELLED = re.compile(
    r"(?P<label>(?<!\w)(?:cmnd|cccd|cmtnd|cmt|(?:căn cước|can cuoc)(?: công dân| cong dan)?"
    r"|(?:chứng minh|chung minh)(?: nhân dân| nhan dan| thư)?|(?:số |so )?(?:định danh|dinh danh)(?: cá nhân)?)"
    r"(?: số| so)?[ :.]{0,3})"
    r"(?:\d{12}|\d{9}|\d{3}([ -])\d{3}\2\d{3}(?:\2\d{3})?)(?![\w]|[.,]\d| ?(?:đồng|đ|vnđ|triệu|người|lượt|bạn)\b)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")

# Forms of address; those that are also other words without their marks (bà: ba, chị: chi, bạn: ban) need them.
_ADDRESS = re.compile(
    r"(?<![\w/])(?:"
    # What may as well be followed by the name of a place: only a longer name is a person's.
    r"(?P<loose>đoàn viên|doan vien|(?:bí thư|bi thu) (?:(?:chi )?đoàn|(?:chi )?doan)(?: xã| phường| trường)?)|"
    r"(?:đồng chí|dong chi|đ[/.]c|d[/.]c|đc|anh|chị|em|cháu|chau|ông|ong|bà|bạn|thầy(?: giáo)?|cô(?: giáo)?"
    r"|bác|chú|bé|mẹ(?: việt nam anh hùng| vnah)?|họ(?: và)? tên|ho(?: va)? ten|bí thư|bi thu)"
    r")(?: {0,2}:)? {1,2}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_NEXT = re.compile(r" ?[,;] ?| (?:và|va|cùng|với|&) ", re.IGNORECASE)
MOST_WORDS = 5  # of one name
MOST_ALONE = 4


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_MIDDLE = _words(
    """
    văn thị gia ngọc minh đức hữu thanh quang quốc xuân đình công thế hồng thu bảo khánh tuấn anh hoàng mạnh bá
    viết duy trọng thành như kim phương mỹ diễm bích thùy thuỳ hoài quỳnh van thi
    """
)
_ALONE = re.compile(
    r"(?<![\w-])([^\W\d_]+) (?=(?:"
    + "|".join(sorted(written for word in _MIDDLE for written in (word.title(), word.upper())))
    + r") [^\W\d_])"
)

_SURNAMES = _words(
    """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đào đinh lâm mai trịnh tô tạ
    hà cao châu chu đoàn lương lưu kiều quách thái thạch tăng triệu trương văn vi vương đàm đồng giang
    khúc khuất lò lường quàng cầm tòng sùng giàng vàng thào mùa hạng lầu cư tráng ma nông bế hứa lục mạc
    nghiêm ninh ông phùng phó quan sầm siu rơ rmah ksor kpă nay y ra'lan la thân tiêu tống từ ung uông
    viên doãn cù diệp điểu hầu kha kim lại liễu bạch âu biện bành cổ chử danh sơn thập trà hán đường
    nhâm nhan phí phương thiều chế bá đạo mùi quảng vừ
    """
)
_PLAIN = _words(
    """
    nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dao dinh lam trinh truong
    luong luu
    """
)
# A capitalised word that is no part of a name but begins what follows it: "đ/c Lê Văn An Bí thư Chi đoàn".
_AFTER = _words(
    """
    bí phó chi đoàn ủy uỷ trưởng xã phường thôn tổ khu ấp bản buôn làng trường ban hội đội công cán giáo
    phụ chủ thường kết trồng tặng hiến sđt đt số cmnd cccd sinh ngày quê địa đã là tổng huyện tỉnh thành
    email bt pbt báo gửi xin
    """
)
# Before a form of address that belongs to a place's name: "thôn Bà Triệu", "đường Ông Ích Khiêm".
_PLACES = _words(
    """
    thôn xã phường khu phố ấp bản buôn làng xóm tổ đường trường chợ cầu núi hồ sông đền chùa chi đoàn
    đội huyện tỉnh đảo
    """
)
# Before a name that stands alone, these say that something is called by it.
_CALLED = _PLACES | _words(
    """
    tên hùng sĩ sỹ thpt thcs ptdtnt học non quỹ giải thưởng bổng trấn tp tx lớp cụm kcn viện ty htx hiệu
    liên phong kênh dốc đèo vịnh ga bến
    """
)
# Surnames that are more often another word when nothing says that a person follows.
_UNSURE = _words("đoàn đường thân văn kim minh ông y ma mùa la tạ cao hà thái châu quảng đồng giang sơn phương hoàng")
_KNOWN_ALONE = (_SURNAMES - _UNSURE) | _PLAIN
# Whom schools, branches, streets and movements are called after.
_REVERED = frozenset(
    """
    hồ chí minh, nguyễn văn trỗi, nguyễn văn cừ, võ thị sáu, bế văn đàn, nguyễn thị minh khai, trần văn ơn, lê văn tám,
    nguyễn thị định, lê hồng phong, hoàng văn thụ, nguyễn đức cảnh, phạm văn đồng, võ văn kiệt, nguyễn văn linh,
    trần quốc toản, nguyễn bá ngọc, phan đình giót, phan đình phùng, la văn cầu, nguyễn hữu thọ, nguyễn văn bé,
    nguyễn viết xuân, lê thanh nghị, nguyễn thái bình, lê thị hồng gấm, nguyễn quốc trị, dương minh châu, lê minh xuân
    """.replace("\n", " ")
    .replace("     ", " ")
    .strip()
    .split(", ")
)


def masked(text: str) -> str:
    """The text with personal data replaced by "***"; anything else stays as written, in composed letters (NFC).

    Takes time linear in the length; masking twice changes nothing more.
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if any(char.isdigit() for char in text):
        text = _LABELLED.sub(lambda found: found["label"] + MASK, text)
        text = _CITIZEN.sub(MASK, text)
        text = _OTHER_PHONE.sub(MASK, _PHONE.sub(MASK, text))
    if "@" in text:
        text = _MAIL.sub(MASK, text)
    return _without_names_alone(_without_names(text))


def _without_names(text: str) -> str:
    pieces: list[str] = []
    kept = 0
    for address in _ADDRESS.finditer(text):
        if address.start() < kept or _word_before(text, address.start()) in _PLACES:
            continue
        start, end = address.end(), _name_end(text, address.end())
        name = text[start:end].lower()
        if name.startswith("hồ ") and address[0].lower().startswith("bác"):
            continue
        if address["loose"] and (name.count(" ") < 2 or name in _REVERED):
            continue
        while end > start:
            pieces += [text[kept:start], MASK]
            kept = end
            # "các đ/c Lê Văn An, Trần Thị Bình và Vũ Hà": the form of address stands for all of them.
            between = _NEXT.match(text, end)
            if between is None:
                break
            start, end = between.end(), _name_end(text, between.end())
    return "".join([*pieces, text[kept:]]) if pieces else text


def _without_names_alone(text: str) -> str:
    pieces: list[str] = []
    kept = 0
    for found in _ALONE.finditer(text):
        start = found.start()
        if start < kept or found[1].lower() not in _KNOWN_ALONE:
            continue
        end = _name_end(text, start, MOST_ALONE)
        name = text[start:end].lower()
        if name.count(" ") >= 2 and name not in _REVERED and _word_before(text, start) not in _CALLED:
            pieces += [text[kept:start], MASK]
            kept = end
    return "".join([*pieces, text[kept:]]) if pieces else text


def _name_end(text: str, start: int, most: int = MOST_WORDS) -> int:
    """Where the full name that begins at `start` ends; `start` itself where none does."""
    end = place = start
    for number in range(most):
        word = _WORD.match(text, place)
        if word is None or not word[0][0].isupper():
            break
        lower = word[0].lower()
        if number == 0 and lower not in _SURNAMES and lower not in _PLAIN:
            break
        if number and lower in _AFTER:
            break
        if number:
            end = word.end()
        place = word.end()
        if text[place : place + 1] != " ":
            break
        place += 1
    return end


def _word_before(text: str, place: int) -> str:
    begin = max(0, place - 12)
    words = text[begin:place].rstrip(" “\"'").split()
    return words[-1].lower() if words else ""
