import subprocess
import sys
from typing import Any

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from delivery.fields.email_addresses import address_of, addresses_of, named_address_of
from dev import PROJECT

BARE_FORM = "must be one e-mail address without a name, such as noor@example.com"
NAMED_FORM = "must be one e-mail address with or without a name, such as Noor <noor@example.com>"
LIST_FORM = "must be 1 to 100 e-mail addresses, separated by commas"

BARE = [
    "noor@example.com", "NOOR@Example.COM", "noor+tea@example.com", "o'hara@example.com", "a/b@example.com",
    "lea#1@example.com", "lea?x=1@example.com", "lea%2e@example.com", "noor@quilt.photography", "noor@quilt.xn--p1ai",
    "нур@квилт.рф", "用户@例子.广告",
]  # fmt: skip
NAMED = [
    "Noor <noor@example.com>", "Noor O'Hara <noor@example.com>", "Noór Håland <noor@example.com>",
    "Mr. N. O'Hara & Co <noor@example.com>", '"Hara, Noor" <noor@example.com>', '"Noor <Quilts>" <noor@example.com>',
    '"say \\"hi\\"" <noor@example.com>', '"Noor"<noor@example.com>',
]  # fmt: skip
NO_ADDRESS = [
    "noor", "noor@", "@example.com", "noor@localhost", "noor@quilt_fans.ca", "noor@-quiltfans.ca",
    "noor..h@example.com", ".noor@example.com", "noor h@example.com", '"noor h"@example.com', "noor@[192.0.2.1]",
    "a<b@example.com", "a;b@example.com", "noor@example.com\r\nBcc: lea@example.com", "noor@exam\u200bple.com",
    "no\u00a0or@example.com", "noor\uff20example.com", "mailto:noor%2Btea@example.com",
    "mailto:mailto:noor@example.com", "mailto:noor@example.com?subject=Tea", f"{'n' * 300}@example.com",
    "\ud800@example.com", "", " ",
]  # fmt: skip
NO_NAMED_ADDRESS = [
    "Noor\r\n <noor@example.com>", '"Noor\r\nBcc: lea@example.com" <noor@example.com>', "Noor\x0b<noor@example.com>",
    "Noor\x00<noor@example.com>", "Noor\u2028Bcc <noor@example.com>", "Noor <noor@example.com> Bcc <lea@example.com>",
    'noor@example.com"lea@example.com', "Noor <noor@example.com", "Noor <<noor@example.com>>",
    "Noor: Quilts <noor@example.com>", "lea@example.com <noor@example.com>", "Noor (tea) <noor@example.com>",
    "Noor <noor>", "Noor <>", "\ud800 <noor@example.com>",
]  # fmt: skip


@pytest.mark.parametrize("text", BARE)
def test_an_address_stays_as_it_is_written(text: str) -> None:
    assert (address_of(f" {text}\n"), named_address_of(text), addresses_of(text)) == (text, text, (text,))


@pytest.mark.parametrize("text", NAMED)
def test_a_named_address_stays_as_it_is_written(text: str) -> None:
    assert named_address_of(f" {text} ") == text


@pytest.mark.parametrize("text", NAMED)
def test_a_display_name_is_left_out_of_a_list(text: str) -> None:
    assert addresses_of(f"lea@example.com, {text}") == ("lea@example.com", "noor@example.com")


AROUND = [
    " {}\n", "\u200b{}\ufeff", "\u202a{}\u202c", "\u00a0{}\u3000", "\u2028{}\u2029", "\ufe0f{}\U000e0100",
    "\u2800{}\u3164",
]  # fmt: skip
QUOTED = [
    "'{}'", '"{}"', "`{}`", "\u2018{}\u2019", "\u201c{}\u201d", "\u201e{}\u201c", "\u00ab{}\u00bb",
    "\u200b\u201c {} \u201d\u200b",
]  # fmt: skip


@pytest.mark.parametrize("around", [*AROUND, *QUOTED])
@pytest.mark.parametrize("text", ["noor@example.com", "o'hara@example.com", "нур@квилт.рф"])
def test_what_stands_around_an_address_is_left_out(around: str, text: str) -> None:
    written = around.format(text)
    listed = addresses_of(f"{written},{written}")
    assert (address_of(written), named_address_of(written), listed) == (text, text, (text, text))
    assert named_address_of(f"Noor <{written}>") == f"Noor <{text}>"


@pytest.mark.parametrize("around", ["<{}>", "({})", "[{}]", "{},", "{};", "{}.", "mailto:{}", "<MAILTO:{}>"])
def test_brackets_and_punctuation_around_an_address_are_left_out(around: str) -> None:
    assert address_of(around.format("noor@example.com")) == "noor@example.com"


@pytest.mark.parametrize("around", ["\u200b{}\ufeff", "\u201c{}\u201d"])
@pytest.mark.parametrize("text", NAMED)
def test_what_stands_around_a_named_address_is_left_out(around: str, text: str) -> None:
    written = around.format(text)
    assert (named_address_of(written), addresses_of(written)) == (text, ("noor@example.com",))


@pytest.mark.parametrize("around", ["'{}'", '"{}"', "`{}`"])
def test_quotes_around_a_named_address_are_left_out(around: str) -> None:
    assert named_address_of(around.format("Noor <noor@example.com>")) == "Noor <noor@example.com>"


def test_a_quote_that_is_part_of_an_address_stays() -> None:
    assert address_of("'t.hart@example.com") == "'t.hart@example.com"


@pytest.mark.parametrize("text", [*NAMED, *NO_ADDRESS, *NO_NAMED_ADDRESS, "noor@example.com,lea@example.com"])
def test_one_bare_address_is_nothing_else(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        address_of(text)
    assert str(caught.value) == BARE_FORM


@pytest.mark.parametrize(
    "text", [*NO_ADDRESS, *NO_NAMED_ADDRESS, "noor@example.com,lea@example.com", "Quilts, Inc <noor@example.com>"]
)
def test_one_named_address_is_nothing_else(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        named_address_of(text)
    assert str(caught.value) == NAMED_FORM


@pytest.mark.parametrize("text", [text for text in [*NO_ADDRESS, *NO_NAMED_ADDRESS] if text.strip()])
def test_a_list_names_the_place_of_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        addresses_of(f"lea@example.com, {text}")
    unreadable = text.count('"') % 2 or text.count("<") > text.count(">") or "<<" in text
    assert str(caught.value) == f"{LIST_FORM}; address {1 if unreadable else 2} is not one"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("a@example.com,b@example.com", ("a@example.com", "b@example.com")),
        (" a@example.com , b@example.com ", ("a@example.com", "b@example.com")),
        ("a@example.com,", ("a@example.com",)),
        ("a@example.com,, ,b@example.com, ", ("a@example.com", "b@example.com")),
        ('"Hara, Noor" <a@example.com>,b@example.com', ("a@example.com", "b@example.com")),
        (["a@example.com,b@example.com"], ("a@example.com", "b@example.com")),
        ("a@example.com,a@example.com", ("a@example.com", "a@example.com")),
    ],
)
def test_addresses_are_separated_by_commas_outside_quotes(text: Any, addresses: tuple[str, ...]) -> None:
    assert addresses_of(text) == addresses


def test_a_list_has_100_addresses_at_most() -> None:
    addresses = tuple(f"u{place}@example.com" for place in range(100))
    assert addresses_of(",".join(addresses)) == addresses


@pytest.mark.parametrize(("text", "count"), [(",", 0), (" ", 0), ("", 0), (",".join(["a@example.com"] * 101), 101)])
def test_a_list_has_too_few_or_too_many(text: str, count: int) -> None:
    with pytest.raises(ValueError) as caught:
        addresses_of(text)
    assert str(caught.value) == f"{LIST_FORM}, and has {count}"


@pytest.mark.parametrize("value", [None, {}, ["a@example.com", "b@example.com"], {"email": "a@example.com"}])
@pytest.mark.parametrize("read", [address_of, named_address_of, addresses_of])
def test_what_is_not_text(read: Any, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^must be text$"):
        read(value)


@pytest.mark.parametrize("text", ['"' + '\\"' * 500_000, '"\\' * 500_000, "<" * 1_000_000, '",' * 500_000 + '"'])
@pytest.mark.parametrize("read", [address_of, named_address_of, addresses_of])
def test_a_long_text_with_open_quotes_is_read_once(read: Any, text: str) -> None:
    with pytest.raises(ValueError, match=r"^must be"):
        read(text)


@given(st.text() | st.lists(st.sampled_from([*BARE, *NAMED, *NO_ADDRESS, *NO_NAMED_ADDRESS])).map(",".join))
def test_text_gives_addresses_on_one_line_or_is_told_the_form(text: str) -> None:
    try:
        addresses = addresses_of(text)
    except ValueError as error:
        assert str(error).startswith(LIST_FORM)
    else:
        assert 0 < len(addresses) <= 100
        assert all(address in text and address.isprintable() and "@" in address for address in addresses)


@pytest.mark.parametrize("name", SPECIAL_USE_DOMAIN_NAMES)
def test_a_domain_that_is_kept_from_use_takes_no_mail(name: str) -> None:
    for text in (f"noor@quilt.{name}", f"noor@quilt.{name.upper()}"):
        with pytest.raises(ValueError, match=f"^{BARE_FORM}$"):
            address_of(text)


@given(
    st.from_regex(r"[A-Za-z0-9_+.'-]{1,70}@[A-Za-z0-9.-]{1,70}", fullmatch=True)
    | st.from_regex(r"[a-z.]{1,4}@([a-zX0-9-]{1,4}\.){1,3}[a-zA-Z0-9]{1,9}", fullmatch=True)
)
def test_plain_text_is_an_address_where_email_validator_says_so(text: str) -> None:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        with pytest.raises(ValueError, match=f"^{BARE_FORM}$"):
            address_of(text)
    else:
        assert address_of(text) == text


def test_no_domain_is_looked_up_so_the_layer_has_no_dnspython() -> None:
    program = "import sys; sys.modules['dns'] = None; from delivery.fields.email_addresses import address_of"
    command = [sys.executable, "-c", f"{program}; address_of('нур@квилт.рф')"]
    subprocess.run(command, env={"PYTHONPATH": str(PROJECT / "layers/shared")}, check=True, timeout=300)
