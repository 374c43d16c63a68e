"""What people say that is no figure: yes, no, a reason, thanks, later, what?, oops."""

import re
import unicodedata
from functools import lru_cache

from reporting.numbers.quantities import quantities
from reporting.text.words import Lexicon, tokens_of, words

_YES = {"vang", "u", "uh", "uhm", "ok", "oke", "oki", "dung", "dung vay", "dung the", "dung day", "vang dung", "chuan",
        "chinh xac", "phai", "co", "dong y"}  # fmt: skip
_NO = {"khong", "khong dung", "chua dung", "khong phai", "sai", "chua"}
_REGRET = re.compile(
    r"(?i)^\s*(?:(?:à|dạ|ấy|ủa|chết|quên|em|ghi|gõ|viết|bị)\s+)*(?:nhầm|nham|lộn|lon|sai)(?:\s+(?:rồi|roi|ạ|mất|số|là))*"
    r"(?:[\s,.:;]+|$)"
)
_ACKNOWLEDGED = {"", "vang", "ok", "oke", "oki", "uh", "cam on", "cam on bot", "cam on nhieu", "vang cam on", "thanks",
                 "tran trong", "tran trong cam on", "xin cam on", "rat cam on", "cam on rat nhieu", "cam on dong",
                 "tran trong cam on dong", "xin cam on dong", "cam on dong nhieu", "chao", "xin chao", "chao dong",
                 "tot", "ro", "nhat tri"}  # fmt: skip
_THANKING = {"cam", "on", "xin", "rat", "nhieu", "lam", "bot", "tro", "ly", "dong", "ok", "oke", "vang", "uh", "tran",
             "trong", "nhan"}  # fmt: skip
_LATER = re.compile(
    r"\b(?:(?:bao cao|lam|gui|nhan|tra loi|nop|de|bo sung|nhap) (?:lai )?sau|"
    r"de (?:lat|mai|toi|chieu|hom khac|luc khac)|(?:lat|ti|chut|teo) nua|luc khac|hom khac|"
    r"(?:toi nay|mai|toi mai|chieu|chieu nay) (?:em|toi|minh|anh|chi)|"
    r"(?:em|toi|minh) (?:dang )?ban|dang ban)\b"
)
_MEANING = re.compile(
    r"(?:\b(?:la sao|sao vay|sao the|la gi|la ntn|nghia la|the nao|nhu nao|khong hieu|ko hieu|chua hieu|k hieu|"
    r"khong biet|ko biet|chua biet|ghi sao|ghi gi|tinh sao|lam sao|vi du|gi vay|gi the|"
    r"(?:giup|huong dan) (?:em|toi|minh))\b|"
    r"^(?:sao|gi|ha)$)"
)
_HOW_MUCH_LEFT = re.compile(r"^(?:con (?:may|bao nhieu|nhieu) (?:cau|muc)|den cau may|dang o cau may)\b")
_WANTS_TO_CORRECT = re.compile(r"\b(?:nham|sua lai|muon sua|xin sua|can sua|sua the nao|sua sao)\b")
_LONGEST_ASIDE = 80  # characters of a message that is no entry
_COURTESY = {"a", "da", "nhe", "nha", "roi", "em", "anh", "chi", "ban", "oi", "do"}

# The number is taken back or put off, whatever reason is given beside it.
_TAKEN_BACK: Lexicon[bool] = words(
    "nhầm, sai, lộn, gõ lộn, không đúng, chưa đúng, không phải, chưa chắc, không chắc, không rõ, chưa rõ, xem lại, "
    "kiểm tra lại, kiểm tra, hỏi lại, để em, để tôi, để mình, chờ, đợi, từ từ, lát nữa, sửa lại, sao, gì, tại sao, "
    "vì sao, thế nào, hả, dư, thừa, thiếu"
)
_REASON: Lexicon[bool] = words(
    "vì, do, tại, bởi, bởi vì, nhờ, lý do, lí do, nguyên nhân, phát động, chiến dịch, hưởng ứng, "
    "được hỗ trợ, sáp nhập, nhập, tách, chuyển đến, chuyển đi, tính cả, gồm cả, bao gồm, kể cả"
)


def says_yes(text: str) -> bool:
    """Whether the message only agrees to what was asked."""
    return len(text) <= 40 and _plain(text) in _YES


def expects_no_entry(text: str) -> bool:
    """Whether the message only acknowledges or thanks, or asks how much is left: nothing in it is an answer."""
    if len(text) > 60:
        return False
    plain = " ".join(token.fold for token in tokens_of(text) if token.kind in ("word", "number"))
    words = [word for word in plain.split() if word not in _COURTESY]
    if not plain:
        return any(unicodedata.category(char) == "So" for char in text)  # a smile, a thumb
    thanks = "cam on" in plain and _THANKING.issuperset(words)
    return thanks or " ".join(words) in _ACKNOWLEDGED or bool(_HOW_MUCH_LEFT.match(plain))


def puts_off(text: str) -> bool:
    """Whether the message only says that the person goes on later: "tối em gửi", "để em báo cáo sau"."""
    return _aside(text, _LATER)


def asks_meaning(text: str) -> bool:
    """Whether the message asks back what is meant: "là sao?", "hoạt động về nguồn là gì"."""
    return _aside(text, _MEANING)


def wants_to_correct(text: str) -> bool:
    """Whether the message says that something is to be corrected, and not yet what: "em muốn sửa lại số cây"."""
    return _aside(text, _WANTS_TO_CORRECT)


def regrets(text: str) -> bool:
    """Whether the message begins by taking back what was said before: "nhầm, 150", "gõ nhầm rồi"."""
    return _REGRET.match(text) is not None


def says_no(text: str) -> bool:
    """Whether the message only denies what was asked; while a number is doubted "không" is not a zero."""
    if len(text) > 40:
        return False
    tokens = tokens_of(text)
    taken_back = any(_TAKEN_BACK.at(tokens, place) for place in range(len(tokens)))
    return _plain(text) in _NO or (taken_back and not any(token.kind == "number" for token in tokens))


def gives_reason(text: str) -> bool:
    """Whether the message says why a doubted number is what it is: "do xã phát động", and does not take it back."""
    tokens = tokens_of(text)
    places = range(len(tokens))
    if len(tokens) < 2 or "?" in text or any(_TAKEN_BACK.at(tokens, place) for place in places):
        return False
    return any(_REASON.at(tokens, place) for place in places)


def without_regret(text: str) -> str:
    """The message without the words that only take back what was said before: "nhầm, 32"."""
    return _REGRET.sub("", text)


def _aside(text: str, sense: re.Pattern[str]) -> bool:
    if len(text) > _LONGEST_ASIDE or sense.search(_folded(text)) is None:
        return False
    return not any(token.kind == "number" for token in tokens_of(text)) and not quantities(text)


@lru_cache(maxsize=4)  # one message is asked about several senses
def _folded(text: str) -> str:
    return " ".join(token.fold for token in tokens_of(text) if token.kind != "line")


def _plain(text: str) -> str:
    words = [token.fold for token in tokens_of(text) if token.kind in ("word", "number")]
    return " ".join(word for word in words if word not in _COURTESY) or ("vang" if words == ["da"] else "")
