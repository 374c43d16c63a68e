"""The words of an order of the office as patterns: lists of reporting/data/lexicon.yaml in, what meets them out.

Names in capitals without a mark meet a text in plain letters; those ending in _WRITTEN a text as it was written.
"""

import re
from collections.abc import Mapping
from typing import cast

from reporting.figures.catalogue import Frequency
from reporting.text.lexicon import in_plain_letters, in_plain_phrases, sense
from reporting.text.word_lists import listed, loosely, one_of, table
from reporting.text.words import form_of
from reporting.time.as_written import plain

_SPOKEN = re.IGNORECASE | re.DOTALL
_AT, _ONLINE, _HOSTS = loosely(listed("orders.at")), loosely(listed("orders.online")), loosely(listed("orders.hosts"))
_HOSTING, _BY, _CHAIRS = (
    loosely(listed("orders.hosting")), loosely(listed("orders.by")), loosely(listed("orders.chairs")),
)  # fmt: skip
_CLUSTER, _PERIOD = loosely(listed("periods.cluster")), loosely(listed("orders.period"))
_OF, _FROM = loosely(listed("orders.of")), loosely(listed("orders.from_day"))

SKILL_WRITTEN = re.compile(rf"\W*\S+\s+{one_of(listed('orders.skill'))}", re.IGNORECASE)  # in plain letters like "kỳ"
# "ở cụm 2" is no place.
PLACE_WRITTEN = re.compile(rf"\s{_AT}\s+(?!{_CLUSTER}\s)(?P<place>\S.*)$", _SPOKEN)
# "tại huyện Cô Tô, kỳ 6 tháng đầu năm".
PERIOD_BEHIND_WRITTEN = re.compile(rf"[\s,]+(?:{_OF}\s+)?{_PERIOD}\s+(?P<period>\S.*)$", re.IGNORECASE)
ONLINE_WRITTEN = re.compile(rf"\s{_ONLINE}(?:\s+(?P<place>\S+))?", re.IGNORECASE)
# "do DX03 đăng cai", "đăng cai DX03", "Đoàn xã Cô Tô đăng cai"; "chủ trì Hạnh và Quân", to the end or the next mark.
_END = rf"(?=\s*(?:[,;]|$|\s(?:{_AT}|{_ONLINE}|{_CHAIRS}|{_HOSTING}\s+{_HOSTS}|{_HOSTS}|{_BY})\s))"
_NOT_HOSTING = "".join(f"(?<!{word})" for one in listed("orders.hosting") for word in sorted({one, plain(one)}))
HOST_WRITTEN = re.compile(
    rf"[\s,;]+{_BY}\s+(?P<by>[^,;]+?)\s+{_HOSTS}|[,;]\s*(?P<ahead>[^,;]+?){_NOT_HOSTING}\s+{_HOSTS}{_END}"
    rf"|[\s,;]+(?:{_HOSTING}\s+)?{_HOSTS}\s*:?\s+(?P<host>[^,;]+?){_END}",
    re.IGNORECASE,
)
CHAIRS_WRITTEN = re.compile(
    rf"[\s,;]+{_CHAIRS}\s*:?\s+(?P<chairs>\S.*?)(?=$|[\s,;]+(?:{_AT}|{_ONLINE}|{_HOSTS}|{_HOSTING}|{_BY})\s)", _SPOKEN
)
REASON_WRITTEN = re.compile(rf"[\s,]{loosely(listed('orders.reason'))}\s+(?P<reason>\S.*)$", _SPOKEN)
CAMPAIGN_WRITTEN = re.compile(rf"^\W*(?P<title>\D.*?)\s+{_FROM}\s+(?P<days>\d.*)$", _SPOKEN)
# Between two orders of one message; a new line or ";" divides harder than the others.
BETWEEN_WRITTEN = re.compile(rf"\s*[\n;]\s*|\s*[,.]?\s+{loosely(listed('orders.and_so'))}\s+|\s*[,.]\s+", re.IGNORECASE)
# From when on: "sang 8h 15/4", "8h 13/4", "đến 20/4".
WHEN_WRITTEN = re.compile(
    rf"\s(?:{loosely(listed('orders.to'))}\s|\d{{1,2}}\s*(?:{loosely(listed('periods.hour'))}|[:/]|[.-]\d))",
    re.IGNORECASE,
)

_DAYS, _BEFORE_MEETING = sense("orders.days"), sense("orders.before_meeting")
LEAD_DAYS = re.compile(rf"{_BEFORE_MEETING} (\d{{1,2}}) {_DAYS}|(\d{{1,2}}) {_DAYS} {_BEFORE_MEETING}")
CUTOFF = re.compile(f"{sense('orders.counted_to')} ")
FORMS: Mapping[str, Frequency] = {
    plain(said): cast(Frequency, kind) for kind, phrases in table("orders.forms").items() for said in phrases
}
FORM = re.compile(rf"{sense('orders.form')} ({one_of(FORMS)})(?![a-z0-9])")
# "mở kỳ tháng 3 do cụm 1 và cụm 2 nộp", "đơn vị nộp tháng 3: cụm 1".
OWES = re.compile(rf"(?:^| ){sense('orders.by')} (?P<owes>\S.*?) {sense('orders.files')}(?![a-z])")
WHO_FILES = re.compile(f"^{sense('orders.who_files')} ")
# "tự khóa sau 15 ngày", "khóa kỳ quý I sau 15 ngày", "không tự khóa".
LOCKS = re.compile(
    rf"(?:{sense('orders.locks_after')}|^{sense('orders.after')}) (\d{{1,3}}) {_DAYS}(?: {sense('orders.after_what')})?"
)
NEVER_LOCKS = re.compile(sense("orders.never_locks"))
_NOT = "".join(f"(?<!{word} )" for word in in_plain_phrases("orders.not"))
OPENS_ITSELF = re.compile(rf"{_NOT}{sense('orders.opens_itself')}(?![a-z])")
OPENS = re.compile(f"{sense('orders.opens')} ")
_NOT_AFTER = "".join(f"(?<!{word} )" for word in in_plain_phrases("orders.after"))
DEADLINE = re.compile(f"{_NOT_AFTER}{sense('orders.deadline')} ")
COUNTED_BACK = re.compile(f"{_BEFORE_MEETING}|{sense('orders.behind_meeting')}")
ESTIMATED = re.compile(sense("orders.estimated"))
_WEEKDAYS = one_of(
    " ".join(form_of(word).fold for word in said.split()) for row in table("until.weekdays").values() for said in row
)
DAY_LEADS = re.compile(rf"^(?:{sense('orders.day_leads')}|{_WEEKDAYS}|,| )+(?=[ ,\d])")
# Words that may stand beside an hour and tell no day.
BESIDE_HOUR = re.compile(rf"^{sense('orders.before_hour')} |(?: {sense('orders.behind_hour')})+$")
TO = re.compile(f"(?<![a-z]){sense('orders.to')} ")
OR_ELSE = re.compile(rf"(?<![a-z]){sense('orders.or_else')}(?![a-z])")
LAST_PERIOD_WORD = re.compile(rf" {sense('orders.period')} *$")
PERIOD_WORD = re.compile(rf"^{sense('orders.period')} ")
CLUSTER = re.compile(rf"(?:{sense('periods.cluster')} |c\d{{1,2}}(?![a-z\d]))")
MEETS = re.compile(rf" {sense('orders.meets')} ")
UNIT = re.compile(rf"(?:[a-z]{{1,4}}\d+(?![a-z\d])|{sense('orders.kinds')} )")
BEHIND_SUBJECT, BEFORE_SUBJECT = in_plain_letters("orders.behind_subject"), in_plain_letters("orders.before_subject")
