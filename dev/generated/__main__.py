"""Writes the generated files anew: `make generate`."""

import sys

from dev.generated import FILES


def main() -> None:
    """Write every file and say which changed."""
    for path, write in FILES.items():
        text = write()
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{'changed' if changed else 'fresh  '} {path}\n")


if __name__ == "__main__":
    main()
