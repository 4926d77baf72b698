from typing import Annotated

from pydantic import BaseModel, Field

from delivery.fields.payload import DefaultMapping, DependsOn, RequiredWhen, declared, first_of


class Tea(BaseModel):
    kind: str
    leaf: Annotated[str | None, DefaultMapping("green"), DependsOn({"kind": "loose"})] = Field(None, title="Leaf")


def test_what_a_field_declares() -> None:
    leaf = Tea.model_fields["leaf"]
    found = [declared(leaf, kind) for kind in (DefaultMapping, DependsOn, RequiredWhen)]
    assert found == [DefaultMapping("green"), DependsOn({"kind": "loose"}), None]


def test_a_field_that_declares_nothing() -> None:
    assert declared(Tea.model_fields["kind"], DefaultMapping) is None


def test_the_first_of_two_paths_as_segment_writes_it() -> None:
    assert first_of("$.traits.email", "$.properties.email") == {
        "@if": {
            "exists": {"@path": "$.traits.email"},
            "then": {"@path": "$.traits.email"},
            "else": {"@path": "$.properties.email"},
        }
    }
