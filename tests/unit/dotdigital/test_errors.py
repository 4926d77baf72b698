import copy
import pickle

import pytest

from dotdigital import (
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    NotFoundError,
    RejectedError,
    RetryLaterError,
    UnavailableError,
)


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (RejectedError, {DotdigitalError}),
        (NotFoundError, {RejectedError, DotdigitalError}),
        (RetryLaterError, {DotdigitalError}),
        (LimitedError, {RetryLaterError, DotdigitalError}),
        (CredentialsRefusedError, {RetryLaterError, DotdigitalError}),
        (UnavailableError, {RetryLaterError, DotdigitalError}),
        (InDoubtError, {DotdigitalError}),
    ],
)
def test_the_tree_is_as_drawn(kind: type[DotdigitalError], parents: set[type]) -> None:
    assert set(kind.__mro__) - {kind} == parents | {Exception, BaseException, object}


@pytest.mark.parametrize(("code", "words"), [("ERROR_X", "ERROR_X: went wrong"), (None, "went wrong")])
def test_an_error_says_its_code_and_description(code: str | None, words: str) -> None:
    error = LimitedError("went wrong", status=429, code=code, wait=5)
    for each in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(each) == words
        assert (each.description, each.status, each.code, each.wait) == ("went wrong", 429, code, 5)


def test_what_is_not_known_is_none() -> None:
    error = DotdigitalError("went wrong")
    assert (error.status, error.code, error.wait) == (None, None, None)
