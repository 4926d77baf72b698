import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.fields.sms_text import gsm_text, outside_gsm, sms_parts

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


@pytest.mark.parametrize(
    ("text", "outside"),
    [
        ("Your loaf is ready", []),
        (BASIC + EXTENSION, []),
        ("Ďakujeme 🥐", [("Ď", 1), ("🥐", 10)]),
        ("D\u030cakujeme", [("Ď", 1)]),
        ("\u201cquoted\u201d \u00abalso\u00bb it\u2019s 5 \u2013 6 \u2212 1\u2026", []),
        ("ç á", [("ç", 1), ("á", 3)]),
        ("`tick\u00b4", [("`", 1), ("\u00b4", 6)]),
        ("tab\t\u00a0\u2009\u3000", []),
        ("\u200bshop\ufe0f\u00ad", []),
        ("\u202eshop", [("\u202e", 1)]),
        ("".join(map(chr, [*range(0x391, 0x3A2), *range(0x3A3, 0x3AA)])), []),
        ("\u0001", [("\u0001", 1)]),
        ("", []),
    ],
)
def test_characters_without_a_look_alike_in_the_gsm_alphabet_and_their_places(
    text: str, outside: list[tuple[str, int]]
) -> None:
    assert outside_gsm(text) == outside


@given(st.text() | st.text(alphabet="\u2018\u2019\u201c\u2013\u2026\u00a0\u200b\te\u0301\u0391\u0392"))
def test_what_has_look_alikes_alone_ends_in_the_gsm_alphabet(text: str) -> None:
    assert set(gsm_text(text)) <= {*BASIC, *EXTENSION} or outside_gsm(text)


@given(st.text(alphabet=BASIC + EXTENSION))
def test_text_of_the_gsm_alphabet_stays_as_it_is(text: str) -> None:
    assert (gsm_text(text), outside_gsm(text)) == (text, [])


def test_the_gsm_alphabet_has_127_characters_and_10_more() -> None:
    assert (len(set(BASIC)), len(set(EXTENSION))) == (127, 10)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("a" * 459, 3), ("a" * 460, 4),
        ("€" * 80, 1), ("€" * 81, 2), ("€" * 152, 2), ("€" * 153, 3), ("a" * 152 + "€" + "a" * 152, 3),
        ("a" * 152 + "€" + "a" * 151, 2), ("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 134, 2), ("ж" * 135, 3),
        ("\uffff" * 70, 1), ("🥐" * 35, 1), ("\U00010000" * 36, 2), ("🥐" * 36, 2), ("🥐" * 66, 2), ("🥐" * 67, 3),
        ("a" * 69 + "ж", 1), ("a" * 70 + "ж", 2), ("€" * 69 + "ж", 1), ("\ud800" * 71, 2),
    ],
)  # fmt: skip
def test_parts_at_the_borders(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@pytest.mark.parametrize(("alphabet", "fitting"), [(BASIC, 160), (EXTENSION, 80)])
def test_how_many_of_each_character_fit_one_part(alphabet: str, fitting: int) -> None:
    parts = {
        character: (sms_parts(character * fitting), sms_parts(character * (fitting + 1))) for character in alphabet
    }
    assert parts == dict.fromkeys(alphabet, (1, 2))


@given(st.text(max_size=500))
def test_the_parts_hold_the_text_and_one_part_fewer_does_not(text: str) -> None:
    parts = sms_parts(text)
    is_unicode = not {*BASIC, *EXTENSION}.issuperset(text)
    units = (
        len(text.encode("utf-16-be")) // 2
        if is_unicode
        else len(text) + sum(character in EXTENSION for character in text)
    )
    single, joined = (70, 67) if is_unicode else (160, 153)
    if parts == 1:
        assert units <= single
    else:
        # One unit of a part stays empty where a character of two would not fit.
        assert units > single
        assert (parts - 1) * (joined - 1) < units <= parts * joined
