"""The file tools of macOS, played on Linux: they refuse what GNU alone takes, and do the rest as BSD does.

Run as `python bsd_tools.py <tool> <argument>…`. Options are those of macOS's manual pages.
"""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

OPTIONS: Final = {"cp": "HLPRXacfilnpsv", "mkdir": "pv", "mv": "fhinv", "rm": "PRdfirvx", "sed": "Eanlu"}
"""Options without a value. `sed -i` is left out: BSD takes a suffix after it, and GNU takes none."""
FIND: Final = {
    *("-H", "-L", "-P", "-E", "-X", "-d", "-s", "-x", "-f", "-a", "-and", "-o", "-or", "-not", "-amin", "-atime"),
    *("-cmin", "-ctime", "-delete", "-depth", "-empty", "-exec", "-execdir", "-false", "-flags", "-fstype", "-group"),
    *("-iname", "-inum", "-ipath", "-iregex", "-links", "-ls", "-maxdepth", "-mindepth", "-mmin", "-mtime", "-name"),
    *("-newer", "-nogroup", "-nouser", "-ok", "-path", "-perm", "-print", "-print0", "-prune", "-regex", "-size"),
    *("-true", "-type", "-user", "-xattr"),
}


def install(folder: Path) -> None:
    """Put the tools into a folder that is to be the whole PATH; only `bash` beside them is the machine's own."""
    folder.mkdir(parents=True)
    for tool in (*OPTIONS, "find"):
        script = folder / tool
        command = shlex.join([sys.executable, "-S", str(Path(__file__)), tool])
        script.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        script.chmod(0o755)
    (folder / "bash").symlink_to("/bin/bash")


def main(tool: str, arguments: list[str]) -> None:
    """Check the arguments and let the machine's own tool do it. Ends with status 64 where BSD would refuse."""
    if tool == "find":
        _check_find(arguments)
    else:
        arguments = _checked(tool, arguments)
    real = shutil.which(tool, path="/usr/bin:/bin")
    assert real
    os.execv(real, [tool, *arguments])


def _checked(tool: str, arguments: list[str]) -> list[str]:
    """Read options as BSD's getopt does: up to the first argument that is none."""
    count = 0
    while count < len(arguments) and arguments[count].startswith("-") and arguments[count] != "-":
        option = arguments[count]
        count += 1
        if option == "--":
            break
        if unknown := set(option[1:]) - set(OPTIONS[tool]):
            _refuse(f"{tool}: illegal option -- {min(unknown)}")
    options, operands = arguments[:count], arguments[count:]
    if tool == "cp":
        # "If the source_file ends in a /, the contents of the directory are copied rather than the directory itself."
        operands = [f"{path}." if path.endswith("/") else path for path in operands[:-1]] + operands[-1:]
    for path in operands if tool != "sed" else ():
        # GNU takes an option anywhere; to BSD it is a file of that name here.
        if path.startswith("-"):
            _refuse(f"{tool}: {path}: No such file or directory")
    return ["--", *operands] if not options else [*options, "--", *operands]


def _check_find(arguments: list[str]) -> None:
    if not arguments or arguments[0].startswith("-"):
        _refuse("find: a path is missing before the expression")
    inside = False
    for position, argument in enumerate(arguments):
        if inside:
            inside = argument not in {";", "+"}
        elif argument in {"-exec", "-execdir", "-ok"}:
            inside = True
        elif argument.startswith("-") and argument not in FIND:
            _refuse(f"find: {argument}: unknown primary or operator")
        elif argument in {"-name", "-path", "-type"} and position + 1 == len(arguments):
            _refuse(f"find: {argument}: requires additional arguments")


def _refuse(message: str) -> None:
    sys.stderr.write(f"{message}\n")
    sys.exit(64)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
