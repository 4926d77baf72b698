import math
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dotdigital.limits import ALLOWANCE_WAITS, wait_of

NOW = 1_760_000_000.5

USUAL = [
    (None, 60),
    ("contacts:tooManyActiveImports", 60),
    ("ERROR_APIUSAGE_EXCEEDED", 300),
    ("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", 3600),
    ("ERROR_IMPORT_TOOMANYACTIVEIMPORTS", 60),
    ("ERROR_ADDRESSBOOK_IN_USE", 60),
    ("ERROR_ENROLMENT_IS_PROCESSING", 60),
]
names = pytest.mark.parametrize("name", ["Retry-After", "X-RateLimit-Reset"])


@pytest.mark.parametrize(("code", "wait"), USUAL)
def test_without_a_header_the_code_decides(code: str | None, wait: float) -> None:
    assert wait_of({}, code, NOW) == wait


def test_each_allowance_has_its_wait() -> None:
    assert set(ALLOWANCE_WAITS) == {code for code, _ in USUAL} - {None, "contacts:tooManyActiveImports"}


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("17", 17),
        (" 17 ", 17),
        ("1.5", 1.5),
        ("0", 1),
        ("0.001", 1),
        ("-5", 1),
        ("-1e300", 1),
        ("121", 120),
        ("999999999", 120),
        ("1760000017", 16.5),
        ("1760000000", 1),
        ("1000000000", 1),
        ("1760099999", 120),
        ("1760000017000", 120),
        ("1e300", 120),
        ("Thu, 09 Oct 2025 08:53:50 GMT", 29.5),
        ("Thu, 09 Oct 2025 10:53:50 +0200", 29.5),
        ("Thu, 09 Oct 2025 08:53:50 -0000", 29.5),
        ("Thu, 09 Oct 2025 08:53:50", 29.5),
        ("Thu, 09 Oct 2025 08:53:00 GMT", 1),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ("Mon, 01 Jan 0001 00:00:00 -0000", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 120),
    ],
)
@names
def test_a_header_is_read_as_seconds_epoch_or_date_and_clamped(name: str, value: str, wait: float) -> None:
    assert wait_of({name: value}, None, NOW) == wait


def test_a_date_without_a_zone_is_utc_wherever_we_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as tokyo:
        tokyo.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        wait = wait_of({"Retry-After": "Thu, 09 Oct 2025 08:53:50 -0000"}, None, NOW)
    time.tzset()
    assert wait == 29.5


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "NaN",
        "-nan",
        "inf",
        "-Infinity",
        "1e999",
        "soon",
        "17s",
        "17, 18",
        "0x11",
        "2025-10-09T08:53:50Z",
        "Thu, 99 Oct 2025 08:53:50 GMT",
        "Thu, 09 Oct 99999 08:53:50 GMT",
        "Thu, 09 Oct 2025 08:53:50 +999999",
        "Thu, 09 Oct 2025 08:53:50 +99999999999999999999",
        "99999999999999999999 Oct 2025 08:53:50 GMT",
        "\x00",
    ],
)
@names
def test_garbage_is_as_no_header(name: str, value: str) -> None:
    assert wait_of({name: value}, "ERROR_APIUSAGE_EXCEEDED", NOW) == 300


@pytest.mark.parametrize(("first", "second", "wait"), [("5", "50", 5), ("soon", "50", 50), ("NaN", "soon", 60)])
def test_retry_after_goes_first_where_it_can_be_read(first: str, second: str, wait: float) -> None:
    assert wait_of({"X-RateLimit-Reset": second, "Retry-After": first}, None, NOW) == wait


@pytest.mark.parametrize(
    ("code", "longest"), [(None, 120), ("ERROR_APIUSAGE_EXCEEDED", 300), ("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", 3600)]
)
@names
def test_a_header_may_say_as_much_as_the_allowance_takes(name: str, code: str | None, longest: float) -> None:
    assert wait_of({name: "100000"}, code, NOW) == longest
    assert wait_of({name: str(longest - 1)}, code, NOW) == longest - 1


DATES = r"((Mon|Thu,|09|9{5}|-1|Oct|oct|2025|08:53:50|8\.53\.50\.9|99:9|GMT|\+0200|-9{4}|\+9{20}|EST|x|,|::|\.) ){0,8}"


@given(
    st.text() | st.floats().map(str) | st.integers().map(str) | st.from_regex(DATES, fullmatch=True),
    st.sampled_from([None, *ALLOWANCE_WAITS]),
    st.floats(min_value=0, max_value=4e9),
)
@example("1_000", None, NOW)
def test_any_value_gives_a_wait_within_bounds(value: str, code: str | None, now: float) -> None:
    for name in ("Retry-After", "X-RateLimit-Reset"):
        wait = wait_of({name: value}, code, now)
        assert math.isfinite(wait)
        assert 1 <= wait <= max(120, ALLOWANCE_WAITS.get(code or "", 0))
