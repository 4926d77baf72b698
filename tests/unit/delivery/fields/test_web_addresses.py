import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.fields.scalars import web_address_of


@pytest.mark.parametrize(
    "text",
    [
        "https://tanuki-books.jp",
        "https://tanuki-books.jp/welcome?src=dd&x=%20#top",
        "HTTPS://Tanuki-Books.JP:443/Welcome/../x",
        "https://user@tanuki-books.jp/",
    ],
)
def test_an_address_stays_as_it_is_written(text: str) -> None:
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
def test_any_other_address_becomes_a_uri(text: str, uri: str) -> None:
    assert web_address_of(text) == uri
    assert web_address_of(uri) == uri


@pytest.mark.parametrize(
    "value",
    [
        "tanuki-books.jp",
        "/welcome",
        "//tanuki-books.jp",
        "https:tanuki-books.jp",
        "https:/tanuki-books.jp",
        "https://",
        "https://tanuki books.jp",
        "https://tanuki-books.jp/a b",
        "https://tanuki-books.jp/\r\nX: y",
        "https://tanuki-books.jp/\x00",
        "https://tanuki-books.jp/\ud800",
        "https://tanuki-books.jp:99999",
        "https://tanuki|books.jp",
        "https://xn--a.com/é",
        "ftp://tanuki-books.jp",
        "javascript:alert(1)",
        "",
        42,
    ],
)
def test_what_is_no_web_address(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        web_address_of(value)
    assert str(caught.value) == "must be a whole web address: https://example.com/welcome"


@given(st.text() | st.text().map(lambda text: f"https://{text}") | st.text().map(lambda text: f"https://a.jp/{text}"))
def test_text_becomes_a_uri_or_is_refused(text: str) -> None:
    try:
        found = web_address_of(text)
    except ValueError as error:
        assert str(error) == "must be a whole web address: https://example.com/welcome"
    else:
        assert re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~]+", found, re.IGNORECASE)
        assert web_address_of(found) == found
