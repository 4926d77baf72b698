"""TriggerError: its texts, their order and their number."""

from segment_events.fql.errors import Problem, TriggerError


def test_problems_in_order_with_columns() -> None:
    error = TriggerError("type ? a", [Problem(7, "second"), Problem(5, "first")])
    assert error.problems == ("column 6: first", "column 8: second")
    assert error.found == (Problem(5, "first"), Problem(7, "second"))
    assert str(error) == "the trigger cannot be used: column 6: first; column 8: second"
    assert isinstance(error, ValueError)


def test_lines_are_told_where_there_are_several() -> None:
    problems = [Problem(0, "one"), Problem(8, "two"), Problem(9, "three")]
    assert TriggerError("type = a\nor b", problems).problems == (
        "line 1, column 1: one",
        "line 1, column 9: two",
        "line 2, column 1: three",
    )


def test_a_line_may_be_empty() -> None:
    assert TriggerError("\n?", [Problem(0, "one"), Problem(1, "two")]).problems == (
        "line 1, column 1: one",
        "line 2, column 1: two",
    )


def test_at_most_fifty_are_told_in_full() -> None:
    assert len(TriggerError("", [Problem(0, "x")] * 50).problems) == 50
    many = TriggerError("", [Problem(0, "x")] * 53).problems
    assert (len(many), many[-1]) == (51, "and 3 more problems")
