"""Makes Dotdigital's own words fit to be shown and logged.

`redact` takes addresses and telephone numbers out of a text. `shown_code` tells Dotdigital's codes from other words,
since what stands where a code should may be a name: v2 has `ERROR_` and capitals; v3 has a service and words in camel
case (`contacts:contactNotFound`), the reports of imports such words alone. Not all are documented, so they are known by
the words that they are made of. https://developer.dotdigital.com/docs/error-response-types
"""

import base64
import binascii
import html
import re
from typing import Final
from urllib.parse import unquote

_ADDRESS: Final = re.compile(r'(?:"[^"]*"|[^\s"@])*+@\S+')
_NUMBER: Final = re.compile(r"\+?\d(?:[\s()./\-\u2010-\u2015\u2212]*\d){6,}")
_ESCAPE: Final = re.compile(r"(?:%|\\+)(?:u([0-9a-f]{4})|x([0-9a-f]{2})|u\{0*([0-9a-f]{1,5})\})", re.IGNORECASE)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_SIGNS: Final = str.maketrans("\uff20\ufe6b", "@@")
_MOST_READ: Final = 2_000
_LONGEST: Final = 300
OTHER: Final = "(other)"
"""What stands for a code that is not made as Dotdigital's are."""

_V2_CODE: Final = re.compile(r"ERROR_[A-Z_]{2,80}")
_V3_CODE: Final = re.compile(r"(?:[A-Za-z]{2,30}:)?[A-Za-z]{2,60}")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_VOCABULARY: Final = """
access account accounts action active activity address addresses allowance allowed already api are argument array at
attribute bad balance banned be blank block blocked blocks body book books bulk by call campaign campaigns cannot
challenge channel channels character characters code collection collections concurrent conflict consent contact
contacts contains content count country create created credit credits currency custom daily data database date
default delete deleted denied disabled does domain double duplicate duplicated duplicates email emails empty enabled
enrolled enrolment enrolments error event events exceed exceeded exceeds exist existing exists expired failed
failure feature field fields file finished for forbidden format found from global globally has hourly id identifier
identifiers ids import imports in inactive incorrect insight insufficient internal invalid is item items job jobs
json key keys language length limit limits list lists locale locked login long lookup maintenance malformed managed
many marketing match matching max maximum member merge message method min minimum missing mobile must name names no
non not null number numbers oauth of on only operation opt opted option options or order out overflow parameter
parameters parse part perform permission permitted personalisation phone plan preference preferences processing
program programs progress properties property quota range rate read record records reference region rejected request
requests required resource resubscribe resubscribed resubscription retry schema schemas send sender sending server
service short size sms specified status storage store string subscribe subscribed subscription suppressed
suppressedfor suppression system template temporarily text throttled time timeout timestamp to token too
transactional type unable unauthorised unauthorized unavailable unconfirmed unexpected unique unknown unprocessable
unrecognised unrecognized unsubscribe unsubscribed unsupported unsuppressed update updated url usage use user
useraccount valid validation value values version watchdog with writable wrong
"""
_CODE_WORDS: Final = frozenset(_VOCABULARY.split())


def redact(text: str) -> str:
    """Return `text` without e-mail addresses and telephone numbers, on one line, at most 300 characters long.

    What is encoded is found too, however often: percent-encoded, as HTML entities, as JSON escapes, in base64. Rather
    too much is taken out than too little: dates and long ids go as numbers.
    """
    if len(text) > _MOST_READ:
        # Without the last word, which may be half an address.
        text = text[:_MOST_READ].rpartition(" ")[0]
    text = " ".join(_decoded(text).encode(errors="replace").decode().split())
    text = _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def shown_code(code: str) -> str:
    """Return codes, divided by ", ", as they may be logged: `OTHER` for each that is none of Dotdigital's."""
    return ", ".join(each if _is_code(each) else OTHER for each in code.split(", "))


def _decoded(text: str) -> str:
    """Decode until nothing changes. Each decoding is shorter than the text was, so this ends."""
    while (decoded := _decoded_once(text)) != text:
        text = decoded
    return text


def _decoded_once(text: str) -> str:
    text = html.unescape(unquote(text.translate(_SIGNS)))
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1] or escape[2] or escape[3], 16)), text)
    return _BASE64.sub(_of_base64, text)


def _of_base64(word: re.Match[str]) -> str:
    """Return what a word says in base64, itself where that has no address and no number."""
    letters = word.group().rstrip("=").translate(_URL_SAFE)
    try:
        said = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode()
    except (binascii.Error, UnicodeError):
        return word.group()
    said = _decoded(said)
    return said if _ADDRESS.search(said) or _NUMBER.search(said) else word.group()


def _is_code(text: str) -> bool:
    if _V2_CODE.fullmatch(text):
        return all(map(_is_of_words, text.removeprefix("ERROR_").lower().strip("_").split("_")))
    return bool(_V3_CODE.fullmatch(text)) and all(word.lower() in _CODE_WORDS for word in _WORD.findall(text))


def _is_of_words(letters: str) -> bool:
    """Tell whether `letters` are words without anything between them: v2 writes SENDNOTPERMITTED."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in _CODE_WORDS for start in ends):
            ends.add(end)
    return len(letters) in ends
