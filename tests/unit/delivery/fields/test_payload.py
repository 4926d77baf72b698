from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from delivery.fields.payload import DefaultMapping, DependsOn, Payload, PayloadError, RequiredWhen, declared, first_of
from delivery.fields.scalars import Choice, Flag, Id, Text
from tests.support.deliveries import NOW


class Order(Payload):
    kind: Annotated[Literal["gift", "own"], Choice, DefaultMapping("own")] = Field(alias="orderKind")
    card: Annotated[Flag, DefaultMapping(True), DependsOn({"orderKind": "gift"})] = Field(False)
    greeting: Annotated[Text | None, DependsOn({"orderKind": "gift", "card": True}), RequiredWhen({"card": True})] = (
        Field(None)
    )
    ink: Annotated[Id | None, DependsOn({"greeting": "Hello"})] = Field(None)
    extras: dict[str, Any] | None = Field(None)


MAPPED = {"orderKind": "gift", "card": True, "greeting": "Hello", "ink": 3}


def read(**differences: Any) -> dict[str, Any]:
    return Order.read({**MAPPED, **differences}, now=NOW).model_dump(by_alias=True)


def problems(**differences: Any) -> dict[str, str]:
    with pytest.raises(PayloadError) as caught:
        read(**differences)
    assert str(caught.value) == "; ".join(f"{field} {reason}" for field, reason in caught.value.fields.items())
    return caught.value.fields


def test_every_field_under_segments_name() -> None:
    assert read() == {**MAPPED, "extras": None}


@pytest.mark.parametrize("extras", [{}, {"a": None, "b": "", "c": [None, ""]}])
def test_an_object_stays_as_it_is(extras: dict[str, Any]) -> None:
    assert read(extras=extras) == {**MAPPED, "extras": extras}


@pytest.mark.parametrize("extras", ["a", 1, [], [{}], True])
def test_anything_else_is_no_object(extras: Any) -> None:
    assert problems(extras=extras) == {"extras": "must be an object"}


def test_a_field_that_no_model_has_is_left_out() -> None:
    assert read(colour="red", __class__="x") == {**MAPPED, "extras": None}


@pytest.mark.parametrize("kind", ["gift", ["gift"], "Gift", " GIFT\n", ["giFt "], "\ufeffgift"])
def test_a_choice_or_a_list_of_one_in_any_case(kind: Any) -> None:
    assert read(orderKind=kind) == {**MAPPED, "extras": None}


@pytest.mark.parametrize("kind", ["gifts", "g ift", ["gift", "own"], [], {}, 1, True])
def test_what_is_not_among_the_choices(kind: Any) -> None:
    assert problems(orderKind=kind) == {"orderKind": "must be one of 'gift' or 'own'"}


@pytest.mark.parametrize("missing", [None, "", " ", "\t\n", "\u00a0", "\u200b\ufe0f", "\u3164", [""], [" "]])
def test_null_and_blank_text_are_missing(missing: Any) -> None:
    assert problems(orderKind=missing)["orderKind"] == "is required"


@pytest.mark.parametrize("missing", [None, "", " "])
def test_a_field_is_required_where_its_condition_holds(missing: Any) -> None:
    assert problems(greeting=missing) == {"greeting": "is required"}


@pytest.mark.parametrize("card", [False, "false", 0, [False], " False"])
def test_a_field_is_not_required_where_its_condition_does_not_hold(card: Any) -> None:
    assert read(card=card, greeting=None) == {
        "orderKind": "gift",
        "card": False,
        "greeting": None,
        "ink": None,
        "extras": None,
    }


@pytest.mark.parametrize("card", [True, "true", 1, 1.0, [True], ["true"], "TRUE", " True "])
@pytest.mark.parametrize("kind", ["gift", ["gift"], "Gift", " GIFT "])
def test_a_condition_holds_for_every_form_of_its_value(card: Any, kind: Any) -> None:
    assert read(card=card, orderKind=kind) == {**MAPPED, "extras": None}


def test_a_field_that_is_blank_is_not_mapped() -> None:
    assert read(ink="  ", card="\u2060", extras=" ") == {**MAPPED, "card": False, "ink": None, "extras": None}


def test_a_condition_on_a_field_that_is_not_mapped_looks_at_its_default_mapping() -> None:
    with pytest.raises(PayloadError) as caught:
        Order.read({"orderKind": "gift", "greeting": "Hello", "ink": "none"}, now=NOW)
    assert caught.value.fields == {"ink": "must be a whole number above 0, an id as Dotdigital shows it"}


def test_what_does_not_count_is_ignored_and_what_hangs_on_it_too() -> None:
    assert read(orderKind="own", card="maybe", greeting={}, ink="none") == {
        "orderKind": "own",
        "card": False,
        "greeting": None,
        "ink": None,
        "extras": None,
    }


def test_a_field_that_does_not_count_holds_no_condition_whatever_it_has() -> None:
    assert read(orderKind="own") == {"orderKind": "own", "card": False, "greeting": None, "ink": None, "extras": None}


def test_a_field_that_does_not_count_holds_no_condition_by_its_default_mapping() -> None:
    class Sealed(Order):
        seal: Annotated[Id | None, DependsOn({"card": True})] = Field(None)

    seals = [Sealed.read({"orderKind": kind, "seal": 7}, now=NOW).seal for kind in ("gift", "own")]
    assert seals == [7, None]


def test_a_bad_field_holds_no_condition() -> None:
    assert problems(card="maybe", greeting={}, ink="none") == {"card": "must be true or false"}


def test_every_problem_is_told_at_once() -> None:
    assert problems(orderKind=None, card="maybe", extras=[]) == {
        "orderKind": "is required",
        "extras": "must be an object",
    }
    assert problems(greeting=None, ink=0, extras=[]) == {"greeting": "is required", "extras": "must be an object"}


def test_conflicts_are_told() -> None:
    class Sealed(Order):
        def conflicts(self) -> dict[str, str]:
            return {"ink": "dries"}

    with pytest.raises(PayloadError) as caught:
        Sealed.read(MAPPED, now=NOW)
    assert caught.value.fields == {"ink": "dries"}


def test_the_default_mapping_has_the_fields_that_declare_one_and_is_not_shared() -> None:
    Order.default_mapping()["orderKind"] = "gift"
    assert Order.default_mapping() == {"orderKind": "own", "card": True}


def test_what_a_field_declares() -> None:
    card = Order.model_fields["card"]
    found = [declared(card, kind) for kind in (DefaultMapping, DependsOn, RequiredWhen)]
    assert found == [DefaultMapping(True), DependsOn({"orderKind": "gift"}), None]


def test_the_first_of_two_paths_as_segment_writes_it() -> None:
    assert first_of("$.traits.email", "$.properties.email") == {
        "@if": {
            "exists": {"@path": "$.traits.email"},
            "then": {"@path": "$.traits.email"},
            "else": {"@path": "$.properties.email"},
        }
    }
