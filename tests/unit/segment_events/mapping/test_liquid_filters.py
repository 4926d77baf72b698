"""The filters of @liquid."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from segment_events.mapping import compile_mapping
from tests.unit.segment_events.mapping.conftest import Failure

Printed = Callable[[str, Any], str]
BLANKS = " \u00a0a  b\r\nc\t"
HTML = '<p a="1">A &amp; B</p><script><b></script>it\'s<!-- <i> --><style>p</style><'
ISO = "2024-11-05T10:20:30.123Z"
CODES = "%A|%a|%B|%b|%h|%d|%e|%j|%U|%W|%u|%w|%q|%s|%L|%p|%P|%I|%l|%H|%k|%M|%S|%C|%y|%Y|%Z|%z|%:z|%%|%%L|%J"
WRITTEN = (
    "Tuesday|Tue|November|Nov|Nov|05| 5|310|44|45|2|2|th|1730802030|123|AM|am|10|10"
    "|10|10|20|30|20|24|2024|UTC|+0000|+00:00|%|%L|%J"
)


@pytest.fixture
def printed() -> Printed:
    """What {{ expression }} prints for the variable x, on 5 November 2024."""

    def render(expression: str, x: Any) -> str:
        run = compile_mapping(
            {"v": {"@liquid": f"{{{{ {expression} }}}}"}}, now=lambda: datetime(2024, 11, 5, 10, 20, 30, tzinfo=UTC)
        )
        return str(run({"x": x})["v"])

    return render


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a' | append: 1.0 | prepend: true", "truea1"),
        ("'éLAN vital' | capitalize", "Élan vital"),
        ("'aß' | upcase | append: 'AÉ' | downcase", "assaé"),
        ("5.0 | upcase", "5"),
        ("x | strip | append: '|'", "a  b\r\nc|"),
        ("x | lstrip | append: '|'", "a  b\r\nc\t|"),
        ("x | rstrip | append: '|'", " \u00a0a  b\r\nc|"),
        ("x | squish", "a b c"),
        ("x | strip_newlines", " \u00a0a  bc\t"),
        ("'a-b-a' | replace: 'a', '$&'", "$&-b-$&"),
        ("'a-b-a' | replace_first: 'a', 'x' | replace_last: 'a', 'y'", "x-b-y"),
        ("'a1b1a' | remove: 1 | remove_first: 'a' | remove_last: 'a'", "b"),
        ("'a, b' | split: ', ' | json", '["a","b"]'),
        ("'aé' | split: '' | json", '["a","é"]'),
        ("'abcdef' | truncate: 5", "ab..."),
        ("'abcdef' | truncate: 5, ''", "abcde"),
        ("'a b c' | truncatewords: 2", "a b..."),
        ("'a b c' | truncatewords: 9", "a b c"),
        ("gone | upcase | append: gone | append: '|'", "|"),
        ("'a b&é/?' | url_encode", "a+b%26%C3%A9%2F%3F"),
        ("'a%20b+c%C3%A9' | url_decode", "a b cé"),
        ("'é' | base64_encode", "w6k="),
        ("'w6k=' | base64_decode", "é"),
    ],
)
def test_texts(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, BLANKS) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "x | escape",
            "&lt;p a=&#34;1&#34;&gt;A &amp;amp; B&lt;/p&gt;&lt;script&gt;&lt;b&gt;&lt;/script&gt;it&#39;s"
            "&lt;!-- &lt;i&gt; --&gt;&lt;style&gt;p&lt;/style&gt;&lt;",
        ),
        ("'&amp;<&#39;' | escape_once", "&amp;&lt;&#39;"),
        ("x | strip_html", "A &amp; Bit's<"),
        ("'a<script>b<style>c' | strip_html", "abc"),
        ("'a<!--b<' | strip_html", "a<!--b<"),
    ],
)
def test_markup(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, HTML) == expected


def test_many_tags_that_are_not_closed_take_no_longer(printed: Printed) -> None:
    text = ">" + "<script" * 20_000
    assert printed("x | strip_html", text) == text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-1.5 | abs", "1.5"),
        ("5 | at_least: 10 | at_most: 7", "7"),
        ("1.2 | ceil", "2"),
        ("-1.2 | floor", "-2"),
        ("7 | divided_by: 2", "3.5"),
        ("7 | divided_by: 2, true", "3"),
        ("0.1 | plus: 0.2", "0.30000000000000004"),
        ("99.5 | plus: 0.5", "100"),
        ("'2' | times: '3'", "6"),
        ("'a' | plus: 1", "1"),
        ("nil | minus: 1", "-1"),
        ("10 | modulo: 3.5", "3"),
        ("-7 | modulo: 3", "2"),
        ("2.5 | round", "3"),
        ("-2.5 | round", "-3"),
        ("1.005 | round: 2", "1.01"),
        ("1234 | round: -2", "1200"),
        ("x | plus: 1", "Infinity"),
    ],
)
def test_numbers_are_doubles(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, 10**400) == expected


VALUES = {
    "list": [3, None, "a", [1, 2], {"k": 1}, 1.0, True],
    "rows": [{"n": 1, "v": True}, {"n": 2, "v": False}, None, "loose", {"n": "2"}],
    "no": False,
    "empty": [],
    "text": "añ",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x.list", "3a12[object Object]1true"),
        ("x.list | join: '-'", "3--a-1,2-[object Object]-1-true"),
        ("5 | join", "5"),
        ("gone | join", ""),
        ("x.list | first | append: '|'", "3|"),
        ("x.rows | last | json", '{"n":"2"}'),
        ("x.empty | last", ""),
        ("'ab' | first | append: '|'", "a|"),
        ("'ab' | last", "b"),
        ("5 | last", ""),
        ("x.list | size", "7"),
        ("(1..9) | size", "9"),
        ("x.text | size", "2"),
        ("5 | size", "0"),
        ("x.rows | compact | size", "4"),
        ("x.rows | sum: 'n'", "5"),
        ("x.list | sum", "5"),
        ("'abc' | slice: 1", "b"),
        ("'abc' | slice: -2, 9", "bc"),
        ("x.list | slice: 2, 2 | json", '["a",[1,2]]'),
        ("x.rows | where: 'n', 2 | json", '[{"n":2,"v":false}]'),
        ("x.rows | where: 'v' | size", "1"),
        ("x.rows | where: 'v', true | size", "1"),
        ("gone | where: 'v' | size", "0"),
        ("gone | default: 1", "1"),
        ("x.empty | default: 1", "1"),
        ("x.no | default: 1", "1"),
        ("x.no | default: 1, allow_false: true", "false"),
        ("0 | default: 1", "0"),
        ("x.rows | first | json", '{"n":1,"v":true}'),
        ("nil | json", "null"),
        ("gone | json", ""),
    ],
)
def test_lists_and_values(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, VALUES) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (f"x | date: '{CODES}'", WRITTEN),
        ("x | date: '%-d %_m %03e %^a %5d %-j%_d'", "5 11 005 TUE 00005 310 5"),
        ("x | date", "Tuesday, November 5, 2024 at 10:20 am +0000"),
        ("x | date: '%H:%M %z', -120", "12:20 +0200"),
        ("x | date: '%H:%M %Z', 'Asia/Tokyo'", "19:20 Asia/Tokyo"),
        ("'2024-11-05T23:20:30+02:00' | date: '%H:%M'", "21:20"),
        ("'2024-02-29' | date: '%s'", "1709164800"),
        ("'2024-02-29 10:20 +0100' | date: '%H:%M'", "09:20"),
        ("'Thu, 29 Feb 2024 10:20:30 +0100' | date: '%H:%M'", "09:20"),
        ("'1730802030' | date: '%Y'", "2024"),
        ("1730802030 | date: '%Y'", "2024"),
        ("-7.5 | date: '%Y %L'", "1969 500"),
        ("'now' | date: '%d'", "05"),
        ("'today' | date: '%d'", "05"),
        ("'2024-11-01' | date: '%q'", "st"),
        ("'2024-11-12' | date: '%q'", "th"),
        ("'2024-11-23' | date: '%q'", "rd"),
    ],
)
def test_dates_are_written(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, ISO) == expected


@pytest.mark.parametrize(
    "value",
    ["2024-13-45", "", "5 apples", "9" * 15, True, [2024, 1], None, "0001-01-01T00:00+14:00"],
)
def test_what_says_no_date_stays(printed: Printed, value: Any) -> None:
    assert printed("x | date: '%Y', -840", value) == printed("x", value)


UNKNOWN_ZONE = "the time zone of a date filter is not known"
NOT_RENDERED = "the template cannot be rendered"


@pytest.mark.parametrize(
    ("expression", "x", "reason"),
    [
        ("0 | date: '%H', 'Mars/Base'", None, UNKNOWN_ZONE),
        ("0 | date: '%H', 99999999", None, UNKNOWN_ZONE),
        ("0 | date: '%H', '../x'", None, UNKNOWN_ZONE),
        ("0 | date: x", "%" * 1001, "the pattern of a date has at most 1000 characters"),
        ("x | base64_decode", "a", NOT_RENDERED),
        ("x | base64_decode", "/w==", NOT_RENDERED),
        ("x | url_encode", "\ud83d", NOT_RENDERED),
        ("x | divided_by: 0", 1, NOT_RENDERED),
        ("x | modulo: 0", 1, NOT_RENDERED),
        ("x | ceil", 10**400, NOT_RENDERED),
        ("x | round", 10**400, NOT_RENDERED),
        ("x | plus", 1, NOT_RENDERED),
        ("x | plus: 1, 2", 1, NOT_RENDERED),
        ("x | slice: 'a'", "abc", NOT_RENDERED),
        ("(1..x) | size", 10**30, NOT_RENDERED),
    ],
)
def test_what_a_filter_cannot_do_fails(failure: Failure, expression: str, x: Any, reason: str) -> None:
    assert failure({"@liquid": f"{{{{ {expression} }}}}"}, {"x": x}) == ("/v/@liquid", reason)
