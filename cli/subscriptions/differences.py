"""Tells what will be different here for subscriptions of Segment, by what they use."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from segment_events.fql.parser import parse
from segment_events.fql.tokens import Kind, Lexer, Token
from segment_events.fql.tree import AllOf, AnyOf, Match, Node, Not

_INHERITED: Final = frozenset({"constructor", "__proto__", "prototype", "toString", "valueOf", "hasOwnProperty"})
_ENDS: Final = 2


@dataclass(frozen=True)
class Used:
    """What a subscription uses, which can be used, as it is written: of its action, and of the two languages."""

    action: str
    trigger: str
    mapping: Mapping[str, Any]

    def maps(self, *fields: str) -> bool:
        """Tell whether one of the fields is mapped to something."""
        return any(self.mapping.get(field) not in (None, "") for field in fields)

    def takes(self, *fields: str) -> bool:
        """Tell whether one of the fields has its value from the event."""
        return any(isinstance(self.mapping.get(field), Mapping | list) for field in fields)

    def may_find_by(self, channel: str) -> bool:
        """Tell whether contacts may be found by `email` or `mobileNumber`: where that is no constant, by both."""
        found = self.mapping.get("channelIdentifier", "email")
        return not isinstance(found, str) or found == channel

    @cached_property
    def directives(self) -> tuple[tuple[str, Any], ...]:
        """Every directive of the mapping with its argument."""
        return tuple(_directives(self.mapping))

    def writes(self, directive: str, pattern: str = "") -> bool:
        """Tell whether the JSON of a directive's argument has what the pattern says."""
        return any(name == directive and re.search(pattern, json.dumps(each)) for name, each in self.directives)

    def shouts(self, directive: str, key: str) -> bool:
        """Tell whether a word of a directive's argument has capitals."""
        words = [each.get(key) for name, each in self.directives if name == directive and isinstance(each, dict)]
        return any(isinstance(word, str) and word != word.lower() for word in words)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the trigger, without its end."""
        return tuple(Lexer(self.trigger).tokens[:-1])

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The conditions of the trigger, and what joins them."""
        return tuple(_nodes(parse(self.trigger)))

    def has_name(self, test: Callable[[str], bool]) -> bool:
        """Tell whether a name passes, of those that the trigger's fields are made of, but for the top-level ones."""
        paths = [node.path for node in self.nodes if not isinstance(node, AllOf | AnyOf | Not)]
        return any(test(key) for path in paths for key in (path.otherwise or path.keys)[1:])

    def has_text(self, part: str, quotes: str = "\"'") -> bool:
        """Tell whether a text of the trigger in such quotes holds that."""
        return any(
            token.kind is Kind.TEXT and part in token.text and self.trigger[token.start] in quotes
            for token in self.tokens
        )

    def has_pattern(self, test: Callable[[tuple[str, ...]], bool]) -> bool:
        """Tell whether a pattern of a match(...) passes, given as the texts between its stars."""
        return any(test(node.pieces) for node in self.nodes if isinstance(node, Match))

    @cached_property
    def words(self) -> tuple[tuple[int, str], ...]:
        """The words `and`, `or` and `not` of the trigger, each with the number of the group that it stands in."""
        return tuple(_words(self.tokens))


def _directives(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((key, argument) for key, argument in value.items() if key.startswith("@"))
    for member in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _directives(member)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    operands = node.operands if isinstance(node, AllOf | AnyOf) else (node.operand,) if isinstance(node, Not) else ()
    for operand in operands:
        yield from _nodes(operand)


def _words(tokens: tuple[Token, ...]) -> Iterator[tuple[int, str]]:
    groups, opened, before = [0], 0, None
    for token in tokens:
        if token.kind is Kind.MARK and token.text == "(":
            opened += 1
            groups.append(opened)
        elif token.kind is Kind.MARK and token.text == ")":
            groups.pop()
        is_value = before is not None and (before.kind is Kind.OPERATOR or before.text in (",", "."))
        if token.kind is Kind.NAME and token.text.lower() in ("and", "or", "not") and not is_value:
            yield groups[-1], token.text
        before = token


type Rule = Callable[[Used], bool]


def _of(actions: str, *, maps: str = "", takes: str = "", finds_by: str = "") -> Rule:
    """Give the rule for subscriptions of some actions that use one of some fields; spaces divide the names."""

    def rule(used: Used) -> bool:
        uses = (not maps or used.maps(*maps.split())) and (not takes or used.takes(*takes.split()))
        return used.action in actions.split() and uses and (not finds_by or used.may_find_by(finds_by))

    return rule


def _is_one_directive(used: Used) -> bool:
    return any(key.startswith("@") for key in used.mapping)


def _names_inherited(used: Used) -> bool:
    return re.search(r"\b(constructor|__proto__)\b", json.dumps(used.mapping)) is not None


def _mixes(used: Used) -> bool:
    joined = {(group, word.lower()) for group, word in used.words if word.lower() != "not"}
    return len(joined) > len({group for group, _ in joined})


def _joins_in_capitals(used: Used) -> bool:
    return any(word != word.lower() for _, word in used.words)


def _negates_a_group(used: Used) -> bool:
    pairs = zip(used.tokens, used.tokens[1:], strict=False)
    return any(first.text.lower() in ("!", "not") and second.text == "(" for first, second in pairs)


def _begins_with_digit(name: str) -> bool:
    return name[:1].isdigit() and not name.isdigit()


def _star_elsewhere(pieces: tuple[str, ...]) -> bool:
    return len(pieces) > _ENDS or (len(pieces) == _ENDS and all(pieces))


def _no_star(pieces: tuple[str, ...]) -> bool:
    return len(pieces) == 1


_ADD: Final = "add_contact_to_list"
_REMOVE: Final = "remove_contact_from_list"
_NUMBER_BESIDE: Final = _of(_ADD, finds_by="email", maps="mobileNumberIdentifier")
_ADDRESS_BESIDE: Final = _of(_ADD, finds_by="mobileNumber", maps="emailIdentifier")
_ADDRESS: Final = _of(f"{_ADD} {_REMOVE}", finds_by="email", takes="emailIdentifier")
_LIST: Final = _of(_ADD, takes="listId")
_DATA: Final = _of(_ADD, maps="dataFields")
_REMOVAL: Final = _of(_REMOVE)
_REMOVED_NUMBER: Final = _of(_REMOVE, finds_by="mobileNumber", maps="mobileNumberIdentifier")
_ENROL: Final = _of("enrol_contact")
_SMS_TO: Final = _of("send_sms send_transactional_sms", takes="to")
_SMS_TEXT: Final = _of("send_transactional_sms", maps="message")
_CAMPAIGN: Final = _of("send_email_campaign")
_CAMPAIGN_DATE: Final = _of("send_email_campaign", takes="sendDate")
_CAMPAIGN_TO: Final = _of("send_email_campaign", takes="email")
_MAIL_TO: Final = _of("send_transactional_email", takes="toAddresses ccAddresses bccAddresses")
_MAIL_COPIES: Final = _of("send_transactional_email", takes="ccAddresses bccAddresses")
_MAIL_SUBJECT: Final = _of("send_transactional_email", takes="subject")
_MAIL_HTML: Final = _of("send_transactional_email", takes="htmlContent")
_AUDIENCE: Final = _of("sync_audience")

TABLE: Final[tuple[tuple[str, Rule, str], ...]] = (
    ("A3", _NUMBER_BESIDE, "A number beside an address is opted in to nothing, and set only by alsoSetMobileNumber."),
    ("A4", _ADDRESS_BESIDE, "By mobile number only the SMS channel is touched, and only where its status is mapped."),
    ("V1", _LIST, "A list's id is a whole number above 0 or its digits; Segment takes -4 and 0x10 too."),
    ("V5", _ADDRESS, "Spaces around an address are left out; Segment refuses it."),
    ("U1", _ADDRESS, "An address is percent-encoded whole; in Segment one with a # names another contact."),
    ("U2", _ADDRESS, "Any sign may stand in an address; in Segment ?, / and % change the path."),
    ("D7", _DATA, "A number or a list becomes text in a String field; Segment refuses it."),
    ("D4", _DATA, "In a Numeric field text is sent as a number, or rejected; Segment sends text, 0x1F too."),
    ("D5", _DATA, "A blank counts as not given and is left out; in Segment a blank is true in a Boolean field."),
    ("D6", _DATA, "null clears a data field; Segment refuses it but in Boolean fields."),
    ("D3", _DATA, "A date is ISO 8601, an HTTP date or an epoch, and a day that exists; Segment guesses."),
    ("U3", _REMOVED_NUMBER, "A mobile number is digits; in Segment its slashes change the path."),
    ("E1", _REMOVAL, "A contact who is unknown is skipped; Segment reports an error."),
    ("rule", _ENROL, "The program's id is sent as a number, as Dotdigital documents it."),
    ("U5", _ENROL, "Nobody is enrolled whose contactId cannot be had; Segment enrols null."),
    ("V3", _SMS_TO, "A number without + is what numberCountry says, else it is rejected, as are 00 and two numbers."),
    ("V3", _SMS_TO, "The (0) of a number with + is left out, as when it is dialled."),
    ("V11", _SMS_TEXT, "Text outside the GSM alphabet needs allow_unicode, else it is replaced or rejected."),
    ("V10", _CAMPAIGN_DATE, "A send date lies ahead of its event, else it is rejected."),
    ("V4", _CAMPAIGN_TO, "A campaign goes to one address, else it is rejected; Segment sends a list as it is."),
    ("U5", _CAMPAIGN, "Nothing is sent to a contact whose contactId cannot be had."),
    ("A6", _CAMPAIGN, "A contact who may not be mailed is sent nothing; Segment sends."),
    ("V6", _MAIL_TO, "A display name may be quoted and hold any letters; what is no address is rejected."),
    ("V8", _MAIL_COPIES, "A list has 100 addresses at most, else it is rejected."),
    ("V8", _MAIL_SUBJECT, "A subject is one line, else it is rejected."),
    ("rule", _MAIL_HTML, "HTML content that is blank is rejected."),
    ("A2", _AUDIENCE, "Entering an audience subscribes nobody, unless subscribeOnEntry says so; Segment subscribes."),
    ("A1", _AUDIENCE, "Leaving an audience takes the contact off its list; Segment deletes the contact."),
    ("V9", _AUDIENCE, "Empty properties hide no traits."),
    ("V13", _AUDIENCE, 'Membership may be the text "true" or "false"; Segment refuses it.'),
    ("V2", _AUDIENCE, "A blank list id is rejected; Segment takes it for 0."),
    ("E10", _AUDIENCE, "No partner secret is needed."),
    ("M9", _is_one_directive, "A mapping that gives no object is rejected."),
    ("M1", _names_inherited, "A path finds only what the event holds, nothing that objects inherit."),
    ("M6", lambda used: used.writes("@replace"), "@replace gives nothing for what is no text; Segment, an empty text."),
    ("M5", lambda used: used.writes("@template", r"\{\{\{"), "A value in {{{ }}} is printed; Segment reads it again."),
    ("M7", lambda used: used.shouts("@json", "mode"), "@json reads a mode in capitals; Segment gives nothing."),
    ("M7", lambda used: used.shouts("@merge", "direction"), "@merge reads LEFT; Segment merges to the right."),
    ("M7", lambda used: used.writes("@merge"), "In @merge a member that is not there takes nothing away."),
    ("M7", lambda used: bool(used.directives), "Integers keep their digits past 2^53; in Segment they lose some."),
    ("M11", lambda used: used.writes("@liquid"), "python-liquid runs templates: docs/compatibility.md#liquid."),
    ("M11", lambda used: used.writes("@liquid", r"\|\s*date"), "The date filters print text that is no date as it is."),
    ("F1", _mixes, "`and` binds tighter than `or`; in Segment the last one joins all of a group."),
    ("F3", _negates_a_group, "`!` before a parenthesis is the opposite of the group; Segment leaves it out."),
    ("F4", _joins_in_capitals, "OR in capitals is `or`; in Segment it is `and`."),
    ("F7", lambda used: used.has_pattern(_star_elsewhere), "A star stands for any text, wherever it is."),
    ("F7", lambda used: used.has_pattern(_no_star), "A pattern without a star is the whole text."),
    ("F8", lambda used: used.has_text("", "'"), "Single quotes enclose a text as double ones do."),
    ("F8", lambda used: used.has_text('\\"'), '`\\"` in a text is a quote.'),
    ("F8", lambda used: used.has_text("\\\\"), "`\\\\` in a text is a backslash."),
    ("F8", lambda used: used.has_name(str.isdigit), "An index finds the element of a list."),
    ("F8", lambda used: used.has_name(_begins_with_digit), "A name after a dot may begin with a digit."),
    ("M1", lambda used: used.has_name(_INHERITED.__contains__), "A trigger reads only what the event holds."),
)


@dataclass(frozen=True)
class Difference:
    """What is different here, for which subscriptions; `fault` is its number in docs/compatibility.md, or "rule"."""

    fault: str
    here: str
    subscriptions: Sequence[str]


def differences_of(used: Mapping[str, Used]) -> list[Difference]:
    """Give the differences that the subscriptions, by name, meet."""
    met = ((fault, here, [name for name, one in used.items() if rule(one)]) for fault, rule, here in TABLE)
    return [Difference(*each) for each in met if each[2]]
