"""What anybody may send through any source: good things, changed in up to three places into whatever.

They are full of a person of whom no log may tell, but for that by which a log is searched. All is drawn from a
`Random`: Hypothesis's own strategies seldom change a thing deep inside of what is otherwise good.
"""

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Literal

from cli.actions import load_action
from tests.support.queued import queue_event
from tests.support.segment import http_event, own_event, partner_event, rest_event, signature

Source = Literal["http", "sqs", "eventbridge", "direct"]


@dataclass(frozen=True)
class Brought:
    """An invocation; `number` is how many events it brings, None where it may be refused whole."""

    source: Source
    event: Any
    number: int | None


EMAIL: Final = "priya.raghunathan@example.com"
PHONE: Final = "+447700900321"
PERSONAL: Final = (
    EMAIL,
    PHONE,
    "Priya Raghunathan",
    "Priya <priya@example.com>",
    "priya%40example.com",
    "priya%252540example.com",
    "priya&#64;example.com",
    "priya&amp;commat;example.com",
    "%2B44%207700%20900321",
    "+44 (0)7700 900321",
    "Priya\ud83d",
    "Priya\u0000\u202e",
    "{{properties.Priya}}",
)
TELLTALES: Final = ("priya", "raghunathan", "900321")
"""Of these each of PERSONAL has one, in small letters."""

_SEARCHED_BY: Final = ("id", "messageId", "requestId", "subscription")
_TEXTS: Final = (
    "",
    " \t\u00a0",
    "\ud83d",
    "\u0000\ufffe",
    "{{" * 2_000,
    "x" * 20_000,
    "9999-12-31T23:59:59+14:00",
    "2026-11-20 10:05:07 UTC",
    "1e999",
    "١٢٣",
    "true",
    "$.traits",
    "@path",
    "__proto__",
)
_NUMBERS: Final = (0, -1, 301, 2**63, 10**309, -(10**400), 1e308, 1e-320, -0.0, 0.1)
_PROPERTIES: Final[dict[str, Any]] = {
    "email": EMAIL,
    "phone": PHONE,
    "message": "Dear Priya, it is on its way",
    "from": "Shop",
    "subject": "Priya's order",
    "htmlContent": "<p>Dear Priya</p>",
    "plainTextContent": "Dear Priya",
    "fromAddress": "shop@example.com",
    "channel": "email",
    "listId": 301,
    "programId": 501,
    "campaignId": 601,
    "dataFields": {"CITY": "Priya's town", "POINTS": 3, "LASTSEEN": "2026-11-20T10:05:07Z"},
    "personalizationValues": [{"name": "FIRSTNAME", "value": "Priya"}],
    "record": {"name": "Priya", "lines": [{"sku": "S1"}]},
}
_AUDIENCE: Final = {"computation_class": "audience", "computation_key": "k", "external_audience_id": "301"}


def _text(random: Random) -> str:
    match random.randrange(4):
        case 0 | 1:
            return random.choice(PERSONAL)
        case 2:
            return random.choice(_TEXTS)
        case _:
            return "".join(chr(random.randrange(0x11_0000)) for _ in range(random.randrange(8)))


def _anything(random: Random, depth: int = 0) -> Any:
    match random.randrange(8 if depth < 3 else 6):
        case 0:
            return random.choice([None, True, False])
        case 1 | 2:
            return random.choice(_NUMBERS)
        case 3 | 4 | 5:
            return _text(random)
        case 6:
            return [_anything(random, depth + 1) for _ in range(random.randrange(4))]
        case _:
            return {_text(random): _anything(random, depth + 1) for _ in range(random.randrange(4))}


def _changed(random: Random, good: Any, least: int = 0) -> Any:
    """Give `good` with up to three of its values replaced, taken out or joined by others."""
    holder: dict[str, Any] = {"all": copy.deepcopy(good)}
    for _ in range(random.randint(least, 3)):
        places = list(_places(holder))
        # What holds others would seldom be among so many that do not.
        container, key = random.choice(places[: random.choice([8, len(places)])])
        value = container[key]
        match random.randrange(3):
            case 0 if container is not holder:
                del container[key]
            case 1 if isinstance(value, dict):
                value[_text(random)] = _anything(random)
            case 1 if isinstance(value, list):
                value.append(_anything(random))
            case _ if container is not holder or not random.randrange(8):
                container[key] = random.choice([*_TEXTS, *_NUMBERS]) if key in _SEARCHED_BY else _anything(random)
    return holder["all"]


def _places(container: Any) -> Iterator[tuple[Any, Any]]:
    """Every place that holds a value, those outside first."""
    keys = container if isinstance(container, dict) else range(len(container))
    inner = [(container, key) for key in keys]
    yield from inner
    for _, key in inner:
        if isinstance(container[key], dict | list):
            yield from _places(container[key])


def _request(random: Random, content: Any, route: str, method: str = "POST") -> Brought:
    """Give a signed request that brings a changed `content`, every second time changed itself."""
    said = _changed(random, content)
    body = json.dumps(said).encode()
    usual = random.choice([rest_event(body, route), http_event({}, route) | {"body": body.decode()}])
    usual |= {"httpMethod": method} if "httpMethod" in usual else {}
    # Of a batch Segment signs the first event.
    signed = said[0] if isinstance(said, list) and said else said
    usual["headers"] = {"X-Signature": signature(json.dumps(signed).encode()), "Priya": "Priya"}
    if random.randrange(2):
        return Brought("http", usual, len(said) if isinstance(said, list) else 1)
    return Brought("http", _changed(random, usual, 1), None)


def _messages(random: Random, bodies: Sequence[Any], queue: str) -> Brought:
    """Give a batch of up to eight messages of a queue, of an event of its own each; one of six is no JSON."""
    texts: list[str] = []
    for place in range(random.randrange(1, 9)):
        text = json.dumps(_changed(random, random.choice(bodies))).replace('"m-', f'"m-{place}-')
        texts.append(text if random.randrange(6) else text[:-1] or "{")
    return Brought("sqs", queue_event(*texts, queue=queue), len(texts))


def _event(action: str, number: int) -> dict[str, Any]:
    """An event that the action's subscription wants."""
    return {
        "type": "delete" if action == "delete_contact" else "track",
        "event": load_action(action).title,
        "messageId": f"m-{number}",
        "userId": EMAIL,
        "timestamp": "2026-11-20T10:05:07.833Z",
        "context": {"personas": _AUDIENCE},
        "traits": {"k": True, "name": "Priya"},
        "properties": _PROPERTIES,
        "integrations": {},
    }


def to_an_action(random: Random, action: str) -> Brought:
    """Give what may come to the function of an action."""
    number = random.randrange(2**32)
    event, title = _event(action, number), load_action(action).title
    mapping = load_action(action).payload.default_mapping()
    mapped = {**_PROPERTIES, "emailIdentifier": EMAIL, "toAddresses": EMAIL, "to": PHONE}
    payload = {"payload": mapped, "messageId": f"m-{number}"}
    contents = [event, {"event": event}, {"event": event, "mapping": mapping}, payload]
    match random.randrange(4):
        case 0:
            return _request(random, random.choice([event, *contents]), f"/actions/{action.replace('_', '-')}")
        case 1:
            queued = {"subscription": title, "event": event, "attempt": "once more"}
            return _messages(random, [queued, queued, payload], action)
        case 2:
            envelopes = [partner_event(event), own_event({"event": event}, action), own_event(payload, action)]
            return Brought("eventbridge", _changed(random, random.choice(envelopes)), 1)
        case _:
            return Brought("direct", _changed(random, random.choice(contents)), 1)


def to_the_webhook(random: Random, actions: Sequence[str]) -> Brought:
    """Give what may come to the one URL, to the queues that it reads, and to whoever invokes it directly."""
    number, action = random.randrange(2**32), random.choice(actions)
    event = _event(action, number)
    envelopes = [partner_event(event), own_event({"event": event}, action), own_event(event, action)]
    some = [event, event, event, {"json": event}, *envelopes]
    match random.randrange(5):
        case 0:
            return _request(random, random.choices(some, k=random.randrange(1, 9)), "/segment")
        case 1:
            return _request(random, random.choice(some), "/segment")
        case 2:
            return _messages(random, some, "segment_webhook")
        case 3:
            return _messages(random, envelopes, "eventbridge")
        case _:
            return Brought("direct", _changed(random, random.choice(some)), 1)


def to_a_question(random: Random, function: str) -> Brought:
    """Give a request to a function that answers questions."""
    content = {"name": "Priya", "visibility": "Private", "externalId": "301", "type": "String"}
    names = ["", "/lists", "/programs", "/data-fields", "/account", "/301", "/Priya", "/priya%2540example.com"]
    return _request(random, content, f"/{function}{random.choice(names)}", random.choice(["GET", "POST"]))
