"""What anybody may send through every door: good things, changed in up to three places into whatever.

They are full of a person of whom no log may tell.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from hypothesis import strategies as st

from actions import load_action
from tests.support.queued import queue_event
from tests.support.segment import http_event, own_event, partner_event, rest_event, signature

Door = Literal["http", "sqs", "eventbridge", "direct"]


@dataclass(frozen=True)
class Brought:
    """An invocation; `number` is how many events it brings, None where the door may refuse it whole."""

    door: Door
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
    "dataFields": {"CITY": "Priya's town", "POINTS": 3, "LAST_ORDER": "2026-11-20T10:05:07Z"},
    "personalizationValues": [{"name": "FIRSTNAME", "value": "Priya"}],
    "record": {"name": "Priya", "lines": [{"sku": "S1"}]},
}
_AUDIENCE: Final = {"computation_class": "audience", "computation_key": "k", "external_audience_id": "301"}
_TEXTS: Final = (
    st.sampled_from(PERSONAL)
    | st.text(st.characters(), max_size=8)
    | st.text(st.sampled_from("\ud83d\ude00{}%&;\u0000@+0 "), max_size=12)
    | st.sampled_from(["", "{{" * 2_000, "x" * 20_000, "9999-12-31T23:59:59+14:00", "1e999", "true", "$.traits"])
)
_NUMBERS: Final = st.integers(-3, 1_000) | st.sampled_from([10**309, -(10**400), 2**63, 1e308, 1e-320, -0.0, 0.1])
_NUMBERED: Final = st.integers(0, 10**9)
_ANYTHING: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)


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


@st.composite
def _changed(draw: st.DrawFn, good: Any) -> Any:
    """Give `good` with up to three of its values replaced, taken out or joined by others."""
    holder: dict[str, Any] = {"all": copy.deepcopy(good)}
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(holder))
        container, key = places[draw(st.integers(0, len(places) - 1))]
        match draw(st.sampled_from(["replace", "replace", "take out", "join"])):
            case "take out" if container is not holder:
                del container[key]
            case "join" if isinstance(container[key], dict):
                container[key][draw(_TEXTS)] = draw(_ANYTHING)
            case "join" if isinstance(container[key], list):
                container[key].append(draw(_ANYTHING))
            case _:
                container[key] = draw(_ANYTHING)
    return holder["all"]


def _places(container: Any) -> Iterator[tuple[Any, Any]]:
    """Every place that holds a value."""
    keys = container if isinstance(container, dict) else range(len(container))
    for key in keys:
        yield container, key
        if isinstance(container[key], dict | list):
            yield from _places(container[key])


@st.composite
def _request(draw: st.DrawFn, content: Any, route: str, method: str = "POST") -> Brought:
    """Give a signed request that brings a changed `content`, every fourth time changed itself."""
    said = draw(_changed(content))
    body = json.dumps(said).encode()
    usual = rest_event(body, route) if draw(st.booleans()) else http_event({}, route) | {"body": body.decode()}
    usual |= {"httpMethod": method} if "httpMethod" in usual else {}
    # Of a batch Segment signs the first event.
    signed = said[0] if isinstance(said, list) and said else said
    usual["headers"] = {"X-Signature": signature(json.dumps(signed).encode()), "Priya": "Priya"}
    if draw(st.integers(0, 3)):
        return Brought("http", usual, len(said) if isinstance(said, list) else 1)
    return Brought("http", draw(_changed(usual)), None)


@st.composite
def _messages(draw: st.DrawFn, bodies: Sequence[Any], queue: str) -> Brought:
    """Give a batch of up to eight messages of a queue, of an event of its own each; one of six is no JSON."""
    texts: list[str] = []
    for place in range(draw(st.integers(1, 8))):
        text = json.dumps(draw(_changed(draw(st.sampled_from(bodies))))).replace('"m-', f'"m-{place}-')
        texts.append(text if draw(st.integers(0, 5)) else text[:-1] or "{")
    return Brought("sqs", queue_event(*texts, queue=queue), len(texts))


@st.composite
def _invoke(draw: st.DrawFn, contents: Sequence[Any], door: Door) -> Brought:
    return Brought(door, draw(_changed(draw(st.sampled_from(contents)))), 1)


def to_an_action(action: str) -> st.SearchStrategy[Brought]:
    """Give what may come to the function of an action."""
    return _NUMBERED.flatmap(lambda number: _to_an_action(action, number))


def _to_an_action(action: str, number: int) -> st.SearchStrategy[Brought]:
    event, title = _event(action, number), load_action(action).title
    mapping = load_action(action).payload.default_mapping()
    mapped = {**_PROPERTIES, "emailIdentifier": EMAIL, "toAddresses": EMAIL, "to": PHONE}
    payload = {"payload": mapped, "messageId": f"m-{number}"}
    contents = [event, {"event": event}, {"event": event, "mapping": mapping}, payload]
    queued = [{"subscription": title, "event": event, "attempt": "once more"}, payload]
    envelopes = [partner_event(event), own_event({"event": event}, action), own_event(payload, action)]
    route = f"/actions/{action.replace('_', '-')}"
    return _one_of(
        lambda: st.sampled_from(contents).flatmap(lambda content: _request(content, route)),
        lambda: _messages(queued, action),
        lambda: _invoke(envelopes, "eventbridge"),
        lambda: _invoke(contents, "direct"),
    )


def to_the_webhook(actions: Sequence[str]) -> st.SearchStrategy[Brought]:
    """Give what may come to the one URL, to the queues that it reads, and to whoever invokes it directly."""
    return _NUMBERED.flatmap(lambda number: _to_the_webhook(actions, number))


def _to_the_webhook(actions: Sequence[str], number: int) -> st.SearchStrategy[Brought]:
    events = [_event(action, number) for action in actions]
    envelopes = [
        envelope
        for action, event in zip(actions, events, strict=True)
        for envelope in (partner_event(event), own_event({"event": event}, action), own_event(event, action))
    ]
    some = [*events, *({"json": event} for event in events), *envelopes]
    return _one_of(
        lambda: st.lists(st.sampled_from(some), min_size=1, max_size=8).flatmap(
            lambda each: _request(each, "/segment")
        ),
        lambda: st.sampled_from(some).flatmap(lambda event: _request(event, "/segment")),
        lambda: _messages(some, "segment_webhook"),
        lambda: _messages(envelopes, "eventbridge"),
        lambda: _invoke(some, "direct"),
    )


def to_a_question(function: str) -> st.SearchStrategy[Brought]:
    """Give requests to a function that answers questions."""
    content = {"name": "Priya", "visibility": "Private", "externalId": "301", "type": "String"}
    paths = ["", "/lists", "/programs", "/data-fields", "/account", "/301", "/Priya", "/priya%2540example.com"]
    asked = st.tuples(st.sampled_from([f"/{function}{path}" for path in paths]), st.sampled_from(["GET", "POST"]))
    return asked.flatmap(lambda each: _request(content, *each))


def _one_of(*strategies: Callable[[], st.SearchStrategy[Brought]]) -> st.SearchStrategy[Brought]:
    """Give each of these as often as the others, which `st.one_of` does not."""
    return st.sampled_from(range(len(strategies))).flatmap(lambda number: strategies[number]())
