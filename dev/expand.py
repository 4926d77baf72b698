"""Reads template.yaml without its loops, and writes it for who cannot use AWS::LanguageExtensions: `make expand`.

The loops and the table have one form, so text is put in for text, and comments stay.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

import re
from pathlib import Path
from typing import Any, Final

import typer
import yaml

TEMPLATE: Final = Path(__file__).parents[1] / "template.yaml"
"""The template of the stack."""
_LOOP: Final = re.compile(
    r"^  Fn::ForEach::\w+:.*\n    - (?P<variable>\w+)\n    - \[(?P<items>.*)\]\n    - (?P<body>.*\n(?:      .*\n)*)",
    re.M,
)
_TABLES: Final = re.compile(r"^Mappings:\n(?:  .*\n)+\n", re.M)
_SHORTER: Final = (
    (re.compile(r'!Sub \["(.*)\$\{Name\}(.*)", \{Name: (\w+)\}\]'), r"!Sub \1\3\2"),
    (re.compile(r'!Sub "([\w.]+)"'), r"\1"),
    (re.compile(r"!Sub ([^$\n]+)$", re.M), r"\1"),
    (re.compile(r'\{"Fn::GetAtt": \[(\w+), (\w+)\]\}'), r"!GetAtt \1.\2"),
    (re.compile(r"\{Ref: ([\w.]+)\}"), r"!Ref \1"),
)
"""What the loop needs and its resources do not, in the form that a person writes."""


def expanded(template: str) -> str:
    """Return the text of a template with each loop's resources written out, and without the tables."""
    found = _TABLES.search(template)
    if not found:
        raise ValueError("the template has no table under Mappings")
    tables = yaml.safe_load(found.group())["Mappings"]
    written = _LOOP.sub(lambda loop: _written_out(loop, tables), template)
    without_tables = _TABLES.sub("", written)
    return without_tables.replace("[AWS::LanguageExtensions, AWS::Serverless-2016-10-31]", "AWS::Serverless-2016-10-31")


def _written_out(loop: re.Match[str], tables: dict[str, dict[str, dict[str, str | int]]]) -> str:
    body = "  " + re.sub(r"^    ", "", loop["body"], flags=re.M)
    look_up = re.compile(rf"!FindInMap \[(\w+), !Ref {loop['variable']}, (\w+)\]")

    def of_item(item: str) -> str:
        text = look_up.sub(lambda asked: str(tables[asked[1]][item][asked[2]]), body)
        text = re.sub(rf"!Ref {loop['variable']}\b", item, text.replace(f"${{{loop['variable']}}}", item))
        for long_form, short_form in _SHORTER:
            text = long_form.sub(short_form, text)
        return text

    return "".join(map(of_item, loop["items"].split(", ")))


def read_template() -> dict[str, Any]:
    """Return template.yaml without its loops, its short forms (!Ref X, !Sub y) as CloudFormation's long ones."""
    content: dict[str, Any] = yaml.load(expanded(TEMPLATE.read_text(encoding="utf-8")), _TemplateLoader)
    return content


class _TemplateLoader(yaml.SafeLoader):
    """Reads CloudFormation's own tags."""


def _long_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.ScalarNode)
    return {name: loader.construct_scalar(node)}


_TemplateLoader.add_multi_constructor("!", _long_form)


def main(to: Path = Path("template-without-loops.yaml")) -> None:
    """Write the template without loops to the file TO."""
    to.write_text(expanded(TEMPLATE.read_text(encoding="utf-8")), encoding="utf-8")
    typer.echo(f"{to} makes the same resources as template.yaml, without AWS::LanguageExtensions.")


if __name__ == "__main__":
    typer.run(main)
