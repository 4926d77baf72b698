"""Filters of dates."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure
from tests.unit.segment_events.mapping.liquid_templates.conftest import Printed

ISO = "2024-11-05T10:20:30.123Z"
LONG = (
    "%A|%a|%B|%b|%h|%d|%e|%j|%U|%W|%u|%w|%q|%s|%L|%N|%3N|%p|%P|%I|%l|%H|%k|%M|%S|%C|%y|%Y"
    "|%Z|%z|%:z|%%|%x|%X|%c|%t|%n|%J"
)
LONG_OF_ISO = (
    "Tuesday|Tue|November|Nov|Nov|05| 5|310|44|45|2|2|th|1730802030|123|123000000|123|AM|am|10|10"
    "|10|10|20|30|20|24|2024|UTC|+0000|+00:00|%|11/5/2024|10:20:30 AM|11/5/2024, 10:20:30 AM|\t|\n|%J"
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"x | date: '{LONG}'", LONG_OF_ISO),
        ("x | date: '%-d %_m %03e %^a %#B %#p %5d %-j%_d'", "5 11 005 TUE NOVEMBER am 00005 310 5"),
        ("x | date", "Tuesday, November 5, 2024 at 10:20 am +0000"),
        ("x | date: '%H:%M %z', -120", "12:20 +0200"),
        ("x | date: '%H:%M %Z', 'Asia/Tokyo'", "19:20 Asia/Tokyo"),
        ("'2024-11-05T23:20:30+02:00' | date: '%H:%M'", "21:20"),
        ("'2024-02-29' | date: '%s'", "1709164800"),
        ("'2024-02' | date: '%F%d'", "%F01"),
        ("'2024-02-29 10:20' | date: '%H:%M'", "10:20"),
        ("'Thu, 29 Feb 2024 10:20:30 +0100' | date: '%H:%M'", "09:20"),
        ("'1730802030' | date: '%Y'", "2024"),
        ("1730802030 | date: '%Y'", "2024"),
        ("-7.5 | date: '%Y %L'", "1969 500"),
        ("'now' | date: '%d'", "05"),
        ("'today' | date: '%d'", "05"),
        ("x | date_to_string", "05 Nov 2024"),
        ("x | date_to_long_string", "05 November 2024"),
        ("x | date_to_string: 'ordinal'", "5th Nov 2024"),
        ("'2024-11-22' | date_to_long_string: 'ordinal', 'US'", "November 22nd, 2024"),
        ("x | date_to_xmlschema", "2024-11-05T10:20:30+00:00"),
        ("x | date_to_rfc822", "Tue, 05 Nov 2024 10:20:30 +0000"),
        ("'2024-11-01' | date: '%q'", "st"),
        ("'2024-11-12' | date: '%q'", "th"),
        ("'2024-11-23' | date: '%q'", "rd"),
    ],
)
def test_dates_are_written(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, ISO) == expected


@pytest.mark.parametrize(
    "value",
    [
        "Room 12",
        "03/04/2024",
        "2024-02-30",
        "2024-13-45",
        "",
        "5 apples",
        "9" * 15,
        True,
        [2024, 1],
        None,
        "0001-01-01T00:00+14:00",
    ],
)
def test_what_says_no_date_stays(printed: Printed, value: Any) -> None:
    assert printed("x | date: '%Y', -840", value) == printed("x", value)


@pytest.mark.parametrize("zone", ["'Mars/Base'", "99999999", "'../x'"])
def test_an_unknown_zone_fails(failure: Failure, zone: str) -> None:
    expected = ("/v/@liquid", "the time zone of a date filter is not known")
    assert failure({"@liquid": f"{{{{ 0 | date: '%H', {zone} }}}}"}, {}) == expected
