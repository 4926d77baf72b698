"""Reads what is asked for: the body of a request as a model, its faults by field."""

from typing import Any

from pydantic import BaseModel, ValidationError

from catalog.errors import QuestionError


def read_question[Question: BaseModel](model: type[Question], content: Any) -> Question:
    """Read `content`. Raises QuestionError that names every field at fault, and no value."""
    if not isinstance(content, dict):
        raise QuestionError("the body must be one JSON object")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = (": ".join([*map(str, each["loc"]), each["msg"]]) for each in error.errors(include_input=False))
        raise QuestionError("; ".join(problems)) from None
