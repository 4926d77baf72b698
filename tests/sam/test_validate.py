import pytest

from tests.sam.conftest import Sam

pytestmark = pytest.mark.sam


def test_the_template_is_valid_and_lint_finds_nothing(sam: Sam) -> None:
    answer = sam.run("validate", "--lint")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "is a valid SAM Template" in answer.stdout
