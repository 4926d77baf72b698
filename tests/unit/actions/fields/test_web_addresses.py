from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.fields.web_addresses import web_address_of


@pytest.mark.parametrize(
    "text",
    [
        "https://tanuki-books.jp",
        "https://tanuki-books.jp/welcome?src=dd&x=%20#top",
        "HTTPS://Tanuki-Books.JP:443/Welcome/../x",
        "http://例子.广告/wëlcome",
        "https://user@tanuki-books.jp/",
    ],
)
def test_an_address_stays_as_it_is_written(text: str) -> None:
    assert web_address_of(f" {text}\n") == text


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


@given(st.text() | st.text().map(lambda text: f"https://{text}"))
def test_text_stays_or_is_refused(text: str) -> None:
    try:
        found = web_address_of(text)
    except ValueError as error:
        assert str(error) == "must be a whole web address: https://example.com/welcome"
    else:
        assert found == text.strip()
        assert found.isprintable()
