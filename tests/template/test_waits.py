"""Every wait of a test ends by itself, whatever it waits for: a process, a response, a thread."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dev import PROJECT

OF_A_MODULE = {
    "subprocess": {"run", "check_call", "check_output"},
    "requests": {"get", "post", "put", "delete", "request"},
}
OF_AN_OBJECT = {"wait", "join", "result", "communicate", "acquire"}
"""Methods that wait for ever without an argument."""


def endless(source: str) -> Iterator[str]:
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        named = {keyword.arg for keyword in call.keywords}
        if not isinstance(call.func, ast.Attribute) or named & {"timeout", None}:
            continue
        of_module = call.func.attr in OF_A_MODULE.get(ast.unparse(call.func.value), ())
        if of_module or (call.func.attr in OF_AN_OBJECT and not call.args and not call.keywords):
            yield f"line {call.lineno}: {ast.unparse(call.func)}"


@pytest.mark.parametrize("code", ["subprocess.run(x)", "requests.get(url)", "process.wait()", "thread.join()"])
def test_a_wait_without_an_end_is_found(code: str) -> None:
    assert list(endless(code)) == [f"line 1: {code.partition('(')[0]}"]


@pytest.mark.parametrize("code", ["subprocess.run(x, timeout=5)", "', '.join(x)", "process.wait(5)", "run(**options)"])
def test_a_wait_with_an_end_is_not(code: str) -> None:
    assert list(endless(code)) == []


def test_every_wait_of_a_test_has_an_end() -> None:
    files: list[Path] = sorted((PROJECT / "tests").rglob("*.py"))
    found = {str(file.relative_to(PROJECT)): list(endless(file.read_text(encoding="utf-8"))) for file in files}
    assert {file: waits for file, waits in found.items() if waits} == {}
