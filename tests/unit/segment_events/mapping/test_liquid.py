"""@liquid: templates, conditions, what is switched off, and limits."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from segment_events.mapping import MappingError, compile_mapping
from segment_events.mapping.liquid import TAGS_OFF
from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

EVENT = {
    "userId": "u-9",
    "properties": {"total": 99.5, "no": False, "none": None, "list": [3, 1, 2], "one": {"a b": {"c": 1}}, "limit": 7},
    "traits": {"name": "liv dahl"},
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", ""),
        ("plain\r\n", "plain\r\n"),
        ("{{ event.userId }}{{ gone.more }}{{ properties.none }}", ""),
        (
            "{{ properties.one['a b'].c }}{{ properties.list[0] }}{{ properties.list.1 }}{{ properties.list[-1] }}",
            "1312",
        ),
        ("{{ properties.list.size }}{{ properties.list.first }}{{ userId.size }}{{ userId[0] }}", "333u"),
        ("{% if properties.total > 50 and userId contains 'u' %}big{% else %}small{% endif %}", "big"),
        ("{% unless properties.no %}a{% else %}b{% endunless %}", "a"),
        ("{% unless userId %}1{% elsif properties.total == 99.5 %}2{% else %}3{% endunless %}", "2"),
        ("{% if gone %}1{% elsif properties.total < '100' %}2{% else %}3{% endif %}", "2"),
        ("{% assign a = userId | append: '!' %}{{ a }}{% capture b %}<{{ a }}>{% endcapture %}{{ b }}", "u-9!<u-9!>"),
        ("{% assign n = properties.list.size | minus: 1.0 %}{{ properties.list[n] }}", "2"),
        ("{% echo userId %}{% liquid\n assign x = 1\n echo x\n if x == 1\n echo properties.limit\n endif %}", "u-917"),
        ("{% increment n %}{% increment n %}{% decrement m %}", "01-1"),
        ("{% raw %}{{ x }}{% endraw %}{% comment %}{{ y }}{% endcomment %}{% # note %}", "{{ x }}"),
        ("a  {{- userId -}}  b {%- if true -%} c {%- endif %}", "au-9bc"),
        ("{{ 'a\\n\\d' }}{% assign x = 'b' | append: \"\\t\" %}{{ x }}|", "a\ndb\t|"),
        (
            "{{ properties.list }} {{ properties.one }} {{ 1.50 }} {{ 2.0 }} {{ true }} {{ (1..3) }}",
            "312 [object Object] 1.5 2 true 123",
        ),
        ("{{ userId | nosuch: 1 | upcase }}", "U-9"),
        ("{% if true %}  {% endif %}|", "  |"),
    ],
)
def test_templates_are_rendered(resolved: Resolved, template: str, expected: str) -> None:
    assert resolved({"@liquid": template}, EVENT) == {"v": expected}


X = {
    "n": 5,
    "t": "5",
    "none": None,
    "no": False,
    "list": [1, "a", None],
    "empty": [],
    "o": {"k": 1},
    "eo": {},
    "b": " ",
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("n == 5.0", True),
        ("n == t", False),
        ("n != t", True),
        ("t > 4", True),
        ("t >= '5'", True),
        ("'b' > 'a'", True),
        ("'10' < '9'", True),
        ("'a' < 5", False),
        ("gone < 5", False),
        ("gone >= 0", False),
        ("none < 5", True),
        ("none >= 0", True),
        ("none == nil", True),
        ("gone == nil", True),
        ("n != nil", True),
        ("gone != nil", False),
        ("no == false", True),
        ("no == 0", False),
        ("no < 1", True),
        ("list == list", True),
        ("list == empty", False),
        ("list == 5", False),
        ("o > 'a'", False),
        ("list contains 'a'", True),
        ("list contains nil", True),
        ("list contains '1'", False),
        ("t contains 5", True),
        ("'a null' contains none", False),
        ("'a' contains gone", False),
        ("o contains 'k'", False),
        ("(1..3) contains 2", True),
        ("empty == empty", True),
        ("eo == empty", True),
        ("'' == empty", True),
        ("b == empty", False),
        ("b == blank", True),
        ("gone == blank", True),
        ("no == blank", True),
        ("n == blank", False),
        ("empty == ''", True),
        ("empty < 5", False),
        ("true or false and false", True),
        ("false and false or true", False),
        ("not gone", True),
        ("not n == 5", False),
        ("'' and 0", True),
    ],
)
def test_conditions_compare_as_javascript_does(resolved: Resolved, condition: str, expected: bool) -> None:
    template = f"{{% if {condition} %}}true{{% else %}}false{{% endif %}}"
    assert resolved({"@liquid": template}, X) == {"v": str(expected).lower()}


@pytest.mark.parametrize(
    "name",
    ["userId.__class__", "userId.upper", "properties.keys", "__class__", "now", "today", "properties.list.append"],
)
def test_nothing_of_python_is_reached(resolved: Resolved, name: str) -> None:
    template = f"[{{{{ {name} }}}}]{{% if {name} %}}there{{% endif %}}"
    assert resolved({"@liquid": template}, EVENT) == {"v": "[]"}


@pytest.mark.parametrize("name", ["blank", "empty", "for", "limit", "contains", "true", "first-name"])
def test_any_word_may_be_the_name_of_a_member(resolved: Resolved, name: str) -> None:
    template = f"{{% if p.{name} == 'p.{name}' %}}{{{{ p.{name} }}}}{{% endif %}}"
    assert resolved({"@liquid": template}, {"p": {name: f"p.{name}"}}) == {"v": f"p.{name}"}


@pytest.mark.parametrize("tag", [*TAGS_OFF, "layout", "nope"])
def test_tags_that_are_switched_off_are_a_problem(problems: Problems, tag: str) -> None:
    (found,) = problems({"@liquid": f"{{% {tag} x %}}"})
    assert found.startswith(f"/v/@liquid: should be a Liquid template: unexpected tag '{tag}'")


@pytest.mark.parametrize("name", ["map", "sort", "reverse", "find_exp", "sample", "slugify", "date_to_string"])
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
        "{{ a > b }}",
        "{% if a | size %}x{% endif %}",
        "{{ 'it\\'s' }}",
        "{{ for }}",
        "{% if a %}{% elsif %}{% endif %}",
        "{{ " + "a[" * 300 + "]" * 300 + " }}",
    ],
)
def test_what_is_no_liquid_is_a_problem(problems: Problems, template: str) -> None:
    (found,) = problems({"@liquid": template})
    assert found.startswith("/v/@liquid: should be a Liquid template: ")


@pytest.mark.parametrize(
    ("before", "at"),
    [
        ("{{ a.b.c | append: x.y ", "> }}"),
        ("{{ a.b }} and {{ total.x ", "> 50 }}"),
        ("{{ a.b ", "c }}"),
        ("{{ a.b | x: '.c' | y: c.d ", "> }}"),
        ("{% if a.b > c.d ", "&& e %}{% endif %}"),
        ("{% if a.b %}{{ a.b.c |", " }}{% endif %}"),
        ("x {{", " }}"),
        ("{{ a.b.c }} {% ", "for x in y %}{% endfor %}"),
        ("{{ a.b }}{% ", "if %}x{% endif %}"),
        ("{{ a.b }} and ", "{{ d"),
        ("{% if a.b.c %}x", ""),
        ("{{ a.sample | ", "sample }}"),
    ],
)
def test_a_problem_has_its_place_in_the_template(before: str, at: str) -> None:
    with pytest.raises(MappingError) as error:
        compile_mapping({"v": {"@liquid": before + at}})
    [problem] = error.value.found
    assert (problem.path, problem.template, problem.offset) == ("/v/@liquid", before + at, len(before))


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
        "{% capture y %}" + "{{ x }}" * 120 + "{% endcapture %}{{ y }}",
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
    assert resolved({"@liquid": "{% increment n %}{% assign list = list | join %}{{ list }}"}, event) == {"v": "01 2"}
    assert event == {"n": 5, "list": [1, 2]}


def test_the_clock_is_handed_in() -> None:
    run = compile_mapping(
        {"v": {"@liquid": "{{ 'now' | date: '%d %Y' }}"}}, now=lambda: datetime(2031, 5, 6, tzinfo=UTC)
    )
    assert run({}) == {"v": "06 2031"}


def test_without_a_template_liquid_is_not_imported() -> None:
    compiling = "import segment_events.mapping as m; m.compile_mapping({'a': {'@path': 'x'}})"
    code = f"import sys; sys.path[:0] = {[*filter(None, sys.path)]!r}; {compiling}; print('liquid' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout == "False\n"
