import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.fields.scalars import flag_of, id_of, only_element_of, text_of, web_address_of

ID_FORM = "must be a whole number above 0, an id as Dotdigital shows it"
WEB_ADDRESS_FORM = "must be a whole web address, such as https://example.com/welcome"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("tea", "tea"), ("  tea ", "  tea "), ("", ""), (42, "42"), (42.0, "42"), (-0.125, "-0.125"),
        (1e20, "100000000000000000000"), (1e21, "1e+21"), (True, "true"), (False, "false"), (["tea"], "tea"),
        ([42], "42"), ([False], "false"),
    ],
)  # fmt: skip
def test_text(value: Any, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize("value", [None, {}, {"a": 1}, [], ["a", "b"], [None], [["a"]], [{}]])
def test_what_is_not_text(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^must be text$"):
        text_of(value)


@pytest.mark.parametrize("value", [True, "true", 1, 1.0, [True], ["true"], [1], "True", " TRUE\n", "\u200btrue"])
def test_a_flag_that_is_set(value: Any) -> None:
    assert flag_of(value) is True


@pytest.mark.parametrize("value", [False, "false", 0, 0.0, -0.0, [False], ["false"], [0], "FALSE", " False"])
def test_a_flag_that_is_not_set(value: Any) -> None:
    assert flag_of(value) is False


@pytest.mark.parametrize(
    "value", ["1", "0", "yes", "no", "on", "", "tr ue", "tru\u0435", 2, -1, 0.5, None, {}, [], [True, True]]
)
def test_what_is_no_flag(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^must be true or false$"):
        flag_of(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [(77, 77), (77.0, 77), ("77", 77), (" 77\n", 77), ("0077", 77), (1, 1), (2**31 - 1, 2**31 - 1)],
)
def test_an_id(value: Any, number: int) -> None:
    found = id_of(value)
    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize(
    "value",
    [
        True, False, None, 0, 0.0, -4, "-4", "+4", 12.75, "12.75", "5.0", 2**31, str(2**31), 10**400, "9" * 5000,
        "0x10", "1e3", "1_000", "7 7", "", "  ", "spring", "\u0667\u0667", "²", "\uff17\uff17",
        [77], ["77"], [], {}, {"id": 77}, float("inf"), float("nan"),
    ],
)  # fmt: skip
def test_what_is_no_id(value: Any) -> None:
    with pytest.raises(ValueError, match=f"^{ID_FORM}$"):
        id_of(value)


@given(st.integers(1, 2**31 - 1))
def test_every_id_is_itself_however_it_is_written(number: int) -> None:
    assert {id_of(number), id_of(float(number)), id_of(str(number))} == {number}


@given(st.text())
def test_text_is_an_id_only_if_it_is_digits(text: str) -> None:
    try:
        number = id_of(text)
    except ValueError as error:
        assert str(error) == ID_FORM
    else:
        assert text.strip().lstrip("0") == str(number)


@pytest.mark.parametrize(("value", "only"), [([1], 1), ([[1]], [1]), ([], []), ([1, 2], [1, 2]), ("ab", "ab"), (1, 1)])
def test_the_element_of_a_list_of_one(value: Any, only: Any) -> None:
    assert only_element_of(value) == only


@pytest.mark.parametrize(
    "text",
    [
        "https://tanuki-books.jp",
        "https://tanuki-books.jp/welcome?src=dd&x=%20#top",
        "HTTPS://Tanuki-Books.JP:443/Welcome/../x",
        "https://user@tanuki-books.jp/",
    ],
)
def test_a_uri_stays_as_it_is_written(text: str) -> None:
    assert web_address_of(f" {text}\n") == text


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("http://例子.广告/wëlcome", "http://xn--fsqu00a.xn--4rr70v/w%C3%ABlcome"),
        ("https://tanuki-books.jp/größe?q=ü#ñ", "https://tanuki-books.jp/gr%C3%B6%C3%9Fe?q=%C3%BC#%C3%B1"),
        ("https://tanuki-books.jp/a|b{c}[d]\\e", "https://tanuki-books.jp/a%7Cb%7Bc%7D%5Bd%5D/e"),
        ("https://tanuki-books.jp/100%/%20?x=%zz", "https://tanuki-books.jp/100%25/%20?x=%25zz"),
        ("https://tanuki-books.jp/🥐", "https://tanuki-books.jp/%F0%9F%A5%90"),
        ("https://tanuki-books.jp/?a=b#c#d", "https://tanuki-books.jp/?a=b#c%23d"),
        ("https://[::1]:8080/é", "https://[::1]:8080/%C3%A9"),
    ],
)
def test_any_other_web_address_becomes_a_uri(text: str, uri: str) -> None:
    assert web_address_of(text) == uri
    assert web_address_of(uri) == uri


@pytest.mark.parametrize(
    "value",
    [
        "tanuki-books.jp", "/welcome", "//tanuki-books.jp", "https:tanuki-books.jp", "https:/tanuki-books.jp",
        "https://", "https://tanuki books.jp", "https://tanuki-books.jp/a b", "https://tanuki-books.jp/\r\nX: y",
        "https://tanuki-books.jp/\x00", "https://tanuki-books.jp/\ud800", "https://tanuki-books.jp:99999",
        "https://tanuki|books.jp", "https://xn--a.com/é", "ftp://tanuki-books.jp", "javascript:alert(1)", "", 42,
    ],
)  # fmt: skip
def test_what_is_no_web_address(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        web_address_of(value)
    assert str(caught.value) == WEB_ADDRESS_FORM


@given(st.text() | st.text().map(lambda text: f"https://{text}") | st.text().map(lambda text: f"https://a.jp/{text}"))
def test_text_becomes_a_uri_or_is_refused(text: str) -> None:
    try:
        found = web_address_of(text)
    except ValueError as error:
        assert str(error) == WEB_ADDRESS_FORM
    else:
        assert re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~]+", found, re.IGNORECASE)
        assert web_address_of(found) == found
