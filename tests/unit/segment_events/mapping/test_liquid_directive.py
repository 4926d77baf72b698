"""@liquid: templates, what is switched off, and limits."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from segment_events.mapping import compile_mapping
from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

EVENT = {
    "userId": "u-9",
    "properties": {"total": 99.5, "no": False, "none": None, "list": [3, 1, 2], "one": {"a b": {"c": 1}}, "blank": " "},
    "traits": {"name": "liv dahl"},
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("Hi {{ traits.name | capitalize }}!", "Hi Liv dahl!"),
        ("{{ event.userId }}{{ gone.more }}{{ properties.none }}", ""),
        ("{{ properties.one['a b'].c }}{{ properties.list[0] }}{{ properties.list.1 }}", "131"),
        ("{% if properties.total > 50 and userId contains 'u' %}big{% else %}small{% endif %}", "big"),
        ("{% unless properties.no %}a{% else %}b{% endunless %}", "a"),
        ("{% if gone %}1{% elsif userId %}2{% else %}3{% endif %}", "2"),
        ("{% if false and false or true %}T{% else %}F{% endif %}", "F"),
        ("{% if properties.list | size %}T{% endif %}", "T"),
        ("{% if properties.blank == blank %}b{% endif %}{{ properties.blank }}", "b "),
        ("{% assign a = userId | append: '!' %}{{ a }}{% capture b %}<{{ a }}>{% endcapture %}{{ b }}", "u-9!<u-9!>"),
        ("{% echo userId %}{% echo %}{% liquid\n assign x = 1\n echo x %}", "u-91"),
        ("{% increment n %}{% increment n %}{% decrement m %}{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}", "01-1ab"),
        ("{% raw %}{{ x }}{% endraw %}{% comment %}{{ y }}{% endcomment %}{% # note %}", "{{ x }}"),
        ("a  {{- userId -}}  b {%- if true -%} c {%- endif %}", "au-9bc"),
        ('{{ \'\\"a\\n\' }}{{ "it\'s \\"b\\"" }}', '"a\nit\'s "b"'),
        ("{{ properties.total > 50 }} {{ not userId }}", "true false"),
        ("{{ (1..3) }} {{ empty }}{{ nil }}{{ 1.50 }}", "123 1.5"),
        ("{{ userId | nosuch: 1 | upcase }}", "U-9"),
        ("{% if true %}  {% endif %}|", "  |"),
    ],
)
def test_templates_are_rendered(resolved: Resolved, template: str, expected: str) -> None:
    assert resolved({"@liquid": template}, EVENT) == {"v": expected}


@pytest.mark.parametrize(
    "name",
    ["userId.__class__", "userId.upper", "properties.keys", "__class__", "now", "today", "properties.list.append"],
)
def test_nothing_of_python_is_reached(resolved: Resolved, name: str) -> None:
    template = f"[{{{{ {name} }}}}]{{% if {name} %}}there{{% endif %}}"
    assert resolved({"@liquid": template}, EVENT) == {"v": "[]"}


@pytest.mark.parametrize("name", ["blank", "empty", "for", "limit", "contains", "true"])
def test_any_word_may_be_the_name_of_a_member(resolved: Resolved, name: str) -> None:
    assert resolved({"@liquid": f"{{{{ p.{name} }}}}"}, {"p": {name: "x"}}) == {"v": "x"}


@pytest.mark.parametrize("name", ["for", "limit", "with", "if"])
def test_words_of_tags_that_are_off_may_be_variables(resolved: Resolved, name: str) -> None:
    assert resolved({"@liquid": f"{{{{ {name} }}}}"}, {name: "x"}) == {"v": "x"}


@pytest.mark.parametrize("tag", ["case", "for", "include", "layout", "render", "tablerow"])
def test_tags_that_are_switched_off_are_a_problem(problems: Problems, tag: str) -> None:
    expected = f'/v/@liquid: should be a Liquid template: tag "{tag}" is disabled'
    assert problems({"@liquid": f"{{% {tag} x %}}"}) == (expected,)


@pytest.mark.parametrize("name", ["map", "sort", "reverse", "concat", "uniq", "find", "has", "type", "sample"])
@pytest.mark.parametrize("template", ["{{{{ x | {} }}}}", "{{% if false %}}{{% assign y = x | {} %}}{{% endif %}}"])
def test_filters_that_are_switched_off_are_a_problem(problems: Problems, name: str, template: str) -> None:
    expected = f'/v/@liquid: should be a Liquid template: filter "{name}" is disabled'
    assert problems({"@liquid": template.format(name)}) == (expected,)


@pytest.mark.parametrize(
    "template",
    [
        "{{ $.userId }}",
        "{{ userId",
        "{{ }}",
        "{% if userId %}",
        "{% if %}x{% endif %}",
        "{% nope %}",
        "{% assign x %}",
        "{{ userId upcase }}",
        "{{ userId | append: 'a' 'b' }}",
        "{{ a => b }}",
        "{% if a %}{% elsif %}{% endif %}",
        "{% doc %}x{% enddoc %}",
        "{{ " + "a[" * 300 + "]" * 300 + " }}",
    ],
)
def test_what_is_no_liquid_is_a_problem(problems: Problems, template: str) -> None:
    (found,) = problems({"@liquid": template})
    assert found.startswith("/v/@liquid: should be a Liquid template: ")


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("x" * 1001, "should be a text of at most 1000 characters"),
        ("😀" * 501, "should be a text of at most 1000 characters"),
        (None, "should be a text but is null"),
        ({"@path": "x"}, "should be a text but is a directive"),
    ],
)
def test_a_template_is_a_text_of_at_most_1000(problems: Problems, argument: Any, expected: str) -> None:
    assert problems({"@liquid": argument}) == (f"/v/@liquid: {expected}",)


def test_a_template_of_1000_is_rendered(resolved: Resolved) -> None:
    assert resolved({"@liquid": "😀" * 500}) == {"v": "😀" * 500}


@pytest.mark.parametrize(
    "template",
    [
        "{% assign a = x | append: x %}" + "{% assign a = a | append: a %}" * 20,
        "{{ x | replace: 'x', x | replace: 'x', x | replace: 'x', x }}",
        "{{ x | split: '' | join: x }}",
        "{{ x }}" * 120,
        "{% capture y %}" + "{{ x }}" * 120 + "{% endcapture %}",
        "{% assign a = x | append: '' %}" + "{{ a }}" * 120,
    ],
)
def test_a_text_that_grows_too_long_fails(failure: Failure, template: str) -> None:
    found = failure({"@liquid": template}, {"x": "x" * 10_000})
    assert found == ("/v/@liquid", "the text would be longer than 1000000 characters")


def test_variables_may_not_grow_without_end(failure: Failure) -> None:
    template = "".join(f"{{% assign a{n} = x %}}" for n in range(22))
    found = failure({"@liquid": template}, {"x": "x" * 1_000_000})
    assert found == ("/v/@liquid", "the template cannot be rendered")


def test_a_range_is_limited(failure: Failure) -> None:
    found = failure({"@liquid": "{{ (1..n) | size }}"}, {"n": 10_001})
    assert found == ("/v/@liquid", "a range has at most 10000 numbers")


def test_a_list_nested_too_deep_fails(failure: Failure) -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    expected = ("/v/@liquid", "the value is nested deeper than 200")
    assert failure({"@liquid": "{{ x }}"}, {"x": deep}) == expected
    assert failure({"@liquid": "{% if x == x %}{% endif %}"}, {"x": deep}) == expected


def test_an_item_that_is_no_object_has_no_variables(resolved: Resolved) -> None:
    assert resolved({"@arrayPath": [{"@literal": ["a", {"b": 1}]}, {"t": {"@liquid": "[{{ b }}]"}}]}) == {
        "v": [{"t": "[]"}, {"t": "[1]"}]
    }


def test_the_event_is_not_changed(resolved: Resolved) -> None:
    event = {"n": 5, "list": [1, 2]}
    template = "{% increment n %}{% assign list = list | push: 3 %}{{ list | pop | shift }}"
    assert resolved({"@liquid": template}, event) == {"v": "02"}
    assert event == {"n": 5, "list": [1, 2]}


def test_the_clock_is_handed_in() -> None:
    run = compile_mapping(
        {"v": {"@liquid": "{{ 'now' | date: '%F %Y' }}"}}, now=lambda: datetime(2031, 5, 6, tzinfo=UTC)
    )
    assert run({}) == {"v": "%F 2031"}


def test_without_a_template_liquid_is_not_imported() -> None:
    compiling = "import segment_events.mapping as m; m.compile_mapping({'a': {'@path': 'x'}})"
    code = f"import sys; sys.path[:0] = {[*filter(None, sys.path)]!r}; {compiling}; print('liquid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
