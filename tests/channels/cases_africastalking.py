"""Requests as Africa's Talking sends them, raw, and what the channel reads in them; phones are made up.

The first of each group keeps the field order and escapes of a captured request.
"""

from gateway.channels.aggregator import Dial, Ended, OptOut
from gateway.messages.values import Report, Text

SESSION = "ATUid_e9d0662dea3f3db658e79d9b62f7900c"
KENYA = "+254000000001"
PAKISTAN = "+923001234501"


def dial(trail="", phone=KENYA, code="*384*70421#", network="99999"):
    return Dial(session=SESSION, phone=phone, service_code=code, network=network, trail=trail)


_TAIL = f"&sessionId={SESSION}&networkCode=99999"
_CODE = "&serviceCode=%2A384%2A70421%23"

DIALS = {
    "first hop": (f"phoneNumber=%2B254000000001{_CODE}&text={_TAIL}", dial()),
    "third key": (f"phoneNumber=%2B254000000001{_CODE}&text=1%2A1%2A0{_TAIL}", dial("1*1*0")),
    "no text at all": (f"phoneNumber=%2B254000000001{_CODE}{_TAIL}", dial()),
    "Pakistani phone": (f"phoneNumber=%2B923001234501{_CODE}&text={_TAIL}", dial(phone=PAKISTAN)),
    "plus missing": (f"phoneNumber=923001234501{_CODE}&text={_TAIL}", dial(phone=PAKISTAN)),
    "plus missing, foreign": (f"phoneNumber=254711000521{_CODE}&text={_TAIL}", dial(phone="+254711000521")),
    "with the zero of home": (f"phoneNumber=%2B9203001234501{_CODE}&text={_TAIL}", dial(phone=PAKISTAN)),
    "unknown network": (
        f"phoneNumber=%2B923001234501&serviceCode=%2A8171%23&text=&sessionId={SESSION}&networkCode=41001",
        dial(phone=PAKISTAN, code="*8171#", network="41001"),
    ),
    "no code, no network": (
        f"phoneNumber=%2B923001234501&text=&sessionId={SESSION}",
        dial(phone=PAKISTAN, code="", network=""),
    ),
    "empty answer": (f"phoneNumber=%2B254000000001{_CODE}&text=1%2A{_TAIL}", dial("1*")),
    "star typed": (f"phoneNumber=%2B254000000001{_CODE}&text=1%2A%2A%2A2{_TAIL}", dial("1***2")),
    "hash typed": (f"phoneNumber=%2B254000000001{_CODE}&text=1%2A%23{_TAIL}", dial("1*#")),
    "words": (
        f"phoneNumber=%2B254000000001{_CODE}&text=1%2AMuzaffargarh+%26+co{_TAIL}",
        dial("1*Muzaffargarh & co"),
    ),
    "Urdu": (f"phoneNumber=%2B254000000001{_CODE}&text=%D9%84%DB%81%D9%88%D8%B1{_TAIL}", dial("لہور")),
    "control characters": (f"phoneNumber=%2B254000000001{_CODE}&text=1%2A%00%1B2%0A{_TAIL}", dial("1*2")),
}

UNREADABLE_DIALS = {
    "nothing": "",
    "no session": "phoneNumber=%2B254000000001&serviceCode=%2A384%2A70421%23&text=&networkCode=99999",
    "no phone": f"serviceCode=%2A384%2A70421%23&text={_TAIL}",
    "plus not escaped": f"phoneNumber=+254000000001{_CODE}&text={_TAIL}",
    "word for a phone": f"phoneNumber=unknown{_CODE}&text={_TAIL}",
    "too short": f"phoneNumber=%2B92300{_CODE}&text={_TAIL}",
    "too long": f"phoneNumber=%2B92300123450123456789{_CODE}&text={_TAIL}",
    "other digits": f"phoneNumber=%2B%DB%B9%DB%B2%DB%B3%DB%B0%DB%B0%DB%B1%DB%B2%DB%B3%DB%B4%DB%B5%DB%B0%DB%B1{_CODE}&text={_TAIL}",
    "line end after the phone": f"phoneNumber=%2B923001234501%0A{_CODE}&text={_TAIL}",
    "session with spaces": "phoneNumber=%2B254000000001&text=&sessionId=a+b&networkCode=99999",
    "session too long": f"phoneNumber=%2B254000000001&text=&sessionId={'a' * 101}",
}

_ENDED = (
    "durationInMillis={millis}&phoneNumber=%2B254000000001&errorMessage={error}&serviceCode=%2A384%2A70421%23"
    "&lastAppResponse=CON+Menu%0A1.+One&hopsMetadata=&hopsCount=1&status={status}"
    "&sessionId=ATUid_f219bf23880979c479e835cb4d640287&cost=0.00&date=2026-10-09+12%3A17%3A37&networkCode=99999&input="
)


def notice(status, error="", millis="192"):
    return _ENDED.format(status=status, error=error, millis=millis)


def ended(status, reason="", seconds=0.192):
    session = "ATUid_f219bf23880979c479e835cb4d640287"
    return Ended(session=session, phone=KENYA, status=status, reason=reason, seconds=seconds)


ENDED = {
    "she left": (notice("Incomplete"), ended("incomplete")),
    "reached the end": (notice("Success"), ended("success")),
    "we failed": (notice("Failed", "timed+out"), ended("failed", "timed out")),
    "other case": (notice("SUCCESS"), ended("success")),
    "a new word": (notice("Dropped"), ended("incomplete")),
    "after three minutes": (notice("Incomplete", millis="180250"), ended("incomplete", seconds=180.25)),
    "no duration": (notice("Incomplete").partition("&")[2], ended("incomplete", seconds=None)),
    **{
        f"duration {millis or 'left empty'}": (
            notice("Incomplete", millis=millis),
            ended("incomplete", seconds=None),
        )
        for millis in ("", "0", "-192", "soon", "1.9e2", "%D9%A1%D9%A2", "9" * 30, "NaN")
    },
}

_MOMENT = "2017-05-03T06:04:45+00:00"

TEXTS = {
    "captured": (
        (
            "linkId=03090445075804249226&text=Msg&to=21512&id=ec9adc86-51d5-4bc8-8eb0-d8ab0bb53dc3"
            "&date=2017-05-03T06%3A04%3A45Z&from=%2B254791541111"
        ),
        Text("ec9adc86-51d5-4bc8-8eb0-d8ab0bb53dc3", "+254791541111", "21512", "Msg"),
        _MOMENT,
    ),
    "other date": (
        "text=35202-1234501-2&to=8171&id=ATXid_1&date=2017-05-03+06%3A04%3A45&from=%2B923001234501&cost=0&networkCode=1",
        Text("ATXid_1", PAKISTAN, "8171", "35202-1234501-2"),
        _MOMENT,
    ),
    "no date, no text": ("id=7&from=923001234501&to=8171", Text("7", PAKISTAN, "8171", ""), None),
    "date in no form": ("id=7&from=923001234501&to=8171&date=soon", Text("7", PAKISTAN, "8171", ""), None),
    "lines": (
        "id=7&from=%2B923001234501&to=8171&text=+a%0D%0Ab%00+",
        Text("7", PAKISTAN, "8171", "a b"),
        None,
    ),
    "very long": (
        f"id=7&from=%2B923001234501&to=8171&text={'x' * 5000}",
        Text("7", PAKISTAN, "8171", "x" * 1600),
        None,
    ),
}

UNREADABLE_TEXTS = {
    "no id": "text=Msg&to=8171&from=%2B923001234501",
    "from a name": "text=Msg&to=8171&id=7&from=Jazz",
    "from a short code": "text=Msg&to=8171&id=7&from=8171",
}

_FAILED = (
    "phoneNumber=%2B254706318147&failureReason={reason}&retryCount=0&id=ATXid_8c7541e938f63538f971f946dd25b54e"
    "&status={status}&networkCode=63902"
)


def report(status, reason=""):
    return Report("ATXid_8c7541e938f63538f971f946dd25b54e", "+254706318147", status, reason)


REPORTS = {
    "captured": (
        _FAILED.format(status="Failed", reason="DeliveryFailure"),
        report("failed", "DeliveryFailure"),
    ),
    "delivered": (_FAILED.format(status="Success", reason=""), report("delivered")),
    "on its way": (_FAILED.format(status="Sent", reason=""), report("sent")),
    "submitted": (_FAILED.format(status="Submitted", reason=""), report("sent")),
    "buffered": (_FAILED.format(status="Buffered", reason=""), report("sent")),
    "rejected": (
        _FAILED.format(status="Rejected", reason="UserInBlackList"),
        report("failed", "UserInBlackList"),
    ),
    "absent": (_FAILED.format(status="AbsentSubscriber", reason=""), report("failed", "AbsentSubscriber")),
    "expired": (_FAILED.format(status="Expired", reason=""), report("failed", "Expired")),
    "documents' spelling": (
        _FAILED.format(status="Failed", reason="NotNetworkSubcriber"),
        report("failed", "NotNetworkSubscriber"),
    ),
    "right spelling": (
        _FAILED.format(status="Failed", reason="NotNetworkSubscriber"),
        report("failed", "NotNetworkSubscriber"),
    ),
    "a new word": (_FAILED.format(status="Parked", reason=""), report("unknown", "Parked")),
}

OPT_OUTS = {"plain": ("senderId=8171&phoneNumber=%2B923001234501", OptOut(PAKISTAN))}
