import copy
import pickle

import pytest

from dotdigital import DotdigitalError, InDoubtError, LimitedError, NotFoundError, RejectedError, RetryLaterError
from dotdigital.errors import AccountRefusesError, CredentialsRefusedError, UnavailableError

RETRY = (LimitedError, CredentialsRefusedError, AccountRefusesError, UnavailableError)


@pytest.mark.parametrize(
    ("kind", "parent"),
    [
        *((kind, DotdigitalError) for kind in (RejectedError, RetryLaterError, InDoubtError)),
        *((kind, RetryLaterError) for kind in RETRY),
        (NotFoundError, RejectedError),
    ],
)
def test_the_tree_is_as_drawn(kind: type[DotdigitalError], parent: type[DotdigitalError]) -> None:
    assert kind.__bases__ == (parent,)


@pytest.mark.parametrize(("code", "words"), [("ERROR_X", "ERROR_X: went wrong"), (None, "went wrong")])
def test_an_error_says_its_code_and_description(code: str | None, words: str) -> None:
    error = LimitedError("went wrong", status=429, code=code, wait=5)
    for each in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert str(each) == words
        assert (each.description, each.status, each.code, each.wait) == ("went wrong", 429, code, 5)


def test_what_is_not_known_is_none() -> None:
    assert vars(DotdigitalError("wrong")) == {"description": "wrong", "status": None, "code": None, "wait": None}
