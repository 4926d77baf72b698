"""Tells Dotdigital's codes from other words, so that they can be logged: what stands where a code should may be a name.

v2 has `ERROR_` and capitals; v3 has a service and words in camel case (`contacts:contactNotFound`), the reports of
imports such words alone. Not all are documented, so they are known by the words that they are made of.
https://developer.dotdigital.com/docs/error-response-types
"""

import re
from typing import Final

OTHER: Final = "(other)"
"""What stands for a code that is not made as Dotdigital's are."""

_V2: Final = re.compile(r"ERROR_[A-Z_]{2,80}")
_V3: Final = re.compile(r"(?:[A-Za-z]{2,30}:)?[A-Za-z]{2,60}")
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TEXT: Final = """
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
_WORDS: Final = frozenset(_TEXT.split())


def shown_code(code: str) -> str:
    """Give codes, divided by ", ", as they may be logged: `OTHER` in the place of each that is none of Dotdigital's."""
    return ", ".join(each if _is_code(each) else OTHER for each in code.split(", "))


def _is_code(text: str) -> bool:
    if _V2.fullmatch(text):
        return all(map(_is_of_words, text.removeprefix("ERROR_").lower().strip("_").split("_")))
    return bool(_V3.fullmatch(text)) and all(word.lower() in _WORDS for word in _WORD.findall(text))


def _is_of_words(letters: str) -> bool:
    """Tell whether `letters` are words without anything between them: v2 writes SENDNOTPERMITTED."""
    ends = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in _WORDS for start in ends):
            ends.add(end)
    return len(letters) in ends
