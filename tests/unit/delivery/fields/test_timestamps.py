from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.fields.timestamps import timestamp_of

FORM = (
    "must be an ISO 8601 date such as 2026-05-31T09:30:00Z, epoch seconds (9 or 10 digits) "
    "or milliseconds (12 or 13 digits)"
)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
DATETIMES = st.datetimes(timezones=ZONES).filter(lambda timestamp: 1 < timestamp.year < 9999)


@pytest.mark.parametrize(
    ("value", "timestamp"),
    [
        ("2024-06-01T23:59:59-05:00", datetime(2024, 6, 2, 4, 59, 59, tzinfo=UTC)),
        ("2024-06-01T23:59:59+0530", datetime(2024, 6, 1, 18, 29, 59, tzinfo=UTC)),
        ("2024-02-29T08:15:00Z", datetime(2024, 2, 29, 8, 15, tzinfo=UTC)),
        ("2024-02-29t08:15:00z", datetime(2024, 2, 29, 8, 15, tzinfo=UTC)),
        ("2024-02-29T08:15:00", datetime(2024, 2, 29, 8, 15, tzinfo=UTC)),
        ("2024-02-29 08:15", datetime(2024, 2, 29, 8, 15, tzinfo=UTC)),
        ("2024-02-29T08:15:00.123456789Z", datetime(2024, 2, 29, 8, 15, 0, 123456, tzinfo=UTC)),
        (" 2024-02-29\n", datetime(2024, 2, 29, tzinfo=UTC)),
        ("20240229", datetime(2024, 2, 29, tzinfo=UTC)),
        ("20240229T081500Z", datetime(2024, 2, 29, 8, 15, tzinfo=UTC)),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("Tue, 05 Nov 2024 10:20:30 GMT", datetime(2024, 11, 5, 10, 20, 30, tzinfo=UTC)),
        ("Tue, 5 Nov 2024 10:20:30 +0100", datetime(2024, 11, 5, 9, 20, 30, tzinfo=UTC)),
        ("Tue, 05 Nov 2024 10:20:30 -0000", datetime(2024, 11, 5, 10, 20, 30, tzinfo=UTC)),
        ("2024-08-14 20:36:48 UTC", datetime(2024, 8, 14, 20, 36, 48, tzinfo=UTC)),
        ("2024-08-14 20:36:48 gmt", datetime(2024, 8, 14, 20, 36, 48, tzinfo=UTC)),
        ("2024-08-14T20:36 Z", datetime(2024, 8, 14, 20, 36, tzinfo=UTC)),
        ("2024-08-14 20:36:48.652 +0000", datetime(2024, 8, 14, 20, 36, 48, 652000, tzinfo=UTC)),
        ("2024-08-14 20:36:48.652752 +00:00", datetime(2024, 8, 14, 20, 36, 48, 652752, tzinfo=UTC)),
        ("2024-08-14 20:36:48.652752 +0000 UTC", datetime(2024, 8, 14, 20, 36, 48, 652752, tzinfo=UTC)),
        ("2024-08-14 20:36:48.652752123 -0230", datetime(2024, 8, 14, 23, 6, 48, 652752, tzinfo=UTC)),
        ("2024-08-14 20:36:48+02", datetime(2024, 8, 14, 18, 36, 48, tzinfo=UTC)),
        (1717200000, datetime(2024, 6, 1, tzinfo=UTC)),
        (1717200000.5, datetime(2024, 6, 1, 0, 0, 0, 500000, tzinfo=UTC)),
        ("1717200000", datetime(2024, 6, 1, tzinfo=UTC)),
        ("1717200000.5", datetime(2024, 6, 1, 0, 0, 0, 500000, tzinfo=UTC)),
        ("1717200000.652752", datetime(2024, 6, 1, 0, 0, 0, 652752, tzinfo=UTC)),
        ("1717200000123.5", datetime(2024, 6, 1, 0, 0, 0, 123500, tzinfo=UTC)),
        (1717200000123, datetime(2024, 6, 1, 0, 0, 0, 123000, tzinfo=UTC)),
        ("1717200000123", datetime(2024, 6, 1, 0, 0, 0, 123000, tzinfo=UTC)),
        (100_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (9_999_999_999, datetime(2286, 11, 20, 17, 46, 39, tzinfo=UTC)),
        (100_000_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
        (-123_456_789, datetime(1966, 2, 2, 2, 26, 51, tzinfo=UTC)),
        ("-123456789000", datetime(1966, 2, 2, 2, 26, 51, tzinfo=UTC)),
    ],
)
def test_a_timestamp(value: Any, timestamp: datetime) -> None:
    found = timestamp_of(value)
    assert (found, found.utcoffset()) == (timestamp, timedelta(0))


@pytest.mark.parametrize(
    "value",
    [
        "5", "Room 12", "tomorrow", "", "  ", "null", "03/04/2024", "25/12/2024", "12.25.2024", "5 Nov 2024",
        "2024-02-30", "2024-13-01", "2024-00-01", "2024-05-31T25:00:00Z", "2024-W22-5", "2024-152", "24-05-31",
        "0000-01-01T00:00:00Z", "0000-00-00", "+275761-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00",
        "2024-05-31T09:30:00Z and more", "2024-05-31T", "2024-05-31T09:30:00+99:00", "2024-05-\u0663\u0661",
        "Tue, 99 Nov 2024 10:20:30 GMT", "Tue, 05 Foo 2024 10:20:30 GMT", "Tue, 05 Nov 2024 10:20:30 +9999",
        "Thu, 01 Jan 0099 00:00:00 GMT",
        "2024-08-14 20:36:48 EST", "2024-08-14 20:36:48 +0200 UTC", "2024-08-14 20:36:48 UTC+2", "2024-08-14 UTC",
        "2024-08-14 20:36:48  UTC", "14-08-2024 20:36:48 UTC", "08/14/2024 20:36:48 UTC", "2024-08-14 20:36:48 +9999",
        "12345678", "12345678901", "12345678901234", "12345678.5", "12345678901.5", "1717200000.", "1e9",
        0, 5, 2024, 20240531, 99_999_999, 10_000_000_000, 99_999_999_999, 10**13, 10**400, -5,
        float("nan"), float("inf"), True, False, None, [], ["2024-05-31"], {}, {"date": "2024-05-31"},
    ],
)  # fmt: skip
def test_nothing_is_guessed(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        timestamp_of(value)
    assert str(caught.value) == FORM


@given(DATETIMES)
def test_an_iso_date_comes_back(timestamp: datetime) -> None:
    assert timestamp_of(timestamp.isoformat()) == timestamp


@given(
    DATETIMES.filter(lambda timestamp: timestamp.year >= 1000).map(lambda timestamp: timestamp.replace(microsecond=0))
)
def test_an_http_date_comes_back(timestamp: datetime) -> None:
    assert timestamp_of(format_datetime(timestamp)) == timestamp


@given(DATETIMES, st.sampled_from(["%z", "%:z"]))
def test_a_timestamp_with_its_zone_behind_a_blank_comes_back(timestamp: datetime, zone: str) -> None:
    clock = timestamp.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    assert timestamp_of(f"{clock} {timestamp.strftime(zone)}") == timestamp


@given(st.integers(10**8, 10**10 - 1))
def test_an_epoch_is_the_same_in_seconds_and_in_milliseconds(seconds: int) -> None:
    timestamps = {timestamp_of(form) for form in (seconds, str(seconds), seconds * 1000, str(seconds * 1000))}
    assert timestamps == {datetime.fromtimestamp(seconds, UTC)}


@given(st.text() | st.from_regex(r"[\d/. :TZ+-]{1,25}", fullmatch=True))
def test_text_that_is_not_in_one_of_the_forms_is_never_guessed(text: str) -> None:
    try:
        timestamp = timestamp_of(text)
    except ValueError as error:
        assert str(error) == FORM
    else:
        digits = "".join(character for character in text if character.isdigit())
        whole = text.strip().lstrip("-").partition(".")[0]
        is_epoch = whole.isdigit() and len(whole) in (9, 10, 12, 13)
        assert is_epoch or abs(int(digits[:4]) - timestamp.year) <= 1
