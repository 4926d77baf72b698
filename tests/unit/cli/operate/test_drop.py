import json

import pytest

from cli.operate.drop import Drop, Found
from cli.operate.place import Place
from cli.operate.queues import dead_letter_queues
from cli.operate.selection import Selection
from cli.operate.sweep import Sweep
from tests.unit.cli.operate.conftest import BODY, Cli, Queues


def reasons(queues: Queues, action: str = "send_sms") -> list[str]:
    return sorted(message.attributes["reason"] for message in queues.visible(f"{action}-dead-letters"))


@pytest.mark.parametrize(("options", "answer"), [([], "y\n"), (["--yes"], "")], ids=["answered", "--yes"])
def test_dead_letters_are_dropped_once_a_person_agrees(
    cli: Cli, queues: Queues, options: list[str], answer: str
) -> None:
    queues.dead_letter()
    result = cli("failures", "drop", *options, stdin=answer)
    assert (result.stdout, result.exit_code) == ("Dead letters dropped: 1\n", 0)
    assert (reasons(queues), queues.bodies("send_sms")) == ([], [])


@pytest.mark.parametrize("answer", ["n\n", "\n", ""], ids=["no", "return", "no one there"])
def test_nothing_is_dropped_without_a_yes(cli: Cli, queues: Queues, answer: str) -> None:
    queues.dead_letter()
    result = cli("failures", "drop", stdin=answer)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert "Delete these dead letters (1) for good? [y/N]" in result.stderr
    assert result.stderr.endswith("Nothing was dropped. Where nobody can answer, add --yes.\n")
    assert queues.bodies("send_sms-dead-letters") == [BODY]


def test_the_question_shows_what_it_is_about_and_nobody_is_asked_about_nothing(cli: Cli, queues: Queues) -> None:
    result = cli("failures", "drop")
    assert (result.stdout, result.stderr, result.exit_code) == ("Dead letters dropped: 0\n", "", 0)
    queues.dead_letter(reason="a wrong number")
    assert "a wrong number" in cli("failures", "drop", stdin="n\n").stderr


@pytest.mark.parametrize(
    "options", [["--action", "send_sms"], ["--reason", "WRONG"], ["--outcome", "rejected"]], ids=lambda part: part[0]
)
def test_only_what_is_asked_for_is_dropped(cli: Cli, queues: Queues, options: list[str]) -> None:
    queues.dead_letter(reason="a wrong number")
    queues.dead_letter("enrol_contact", outcome="in_doubt", reason="limit")
    result = cli("failures", "drop", "--yes", "--json", *options)
    assert json.loads(result.stdout) == {"dropped": 1, "failed": 0}
    assert (reasons(queues), reasons(queues, "enrol_contact")) == ([], ["limit"])


def test_what_came_while_a_person_thought_stays(place: Place, queues: Queues) -> None:
    queues.dead_letter(reason="shown")
    found = Found(Selection())
    Sweep(place, dead_letter_queues(place)).run(found)
    queues.dead_letter(reason="new")
    drop = Drop(place, Selection(), found.ids)
    Sweep(place, dead_letter_queues(place)).run(drop)
    assert (drop.dropped, drop.failed, reasons(queues)) == (1, 0, ["new"])
