"""The contact imports that the sandbox was asked for, and what each of them answers when it is polled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field

ImportStatus = Literal["Finished", "RejectedByWatchdog", "Failed", "ExceedsAllowedContactLimit"]
MOST_ACTIVE: Final = 25


class ImportRules(BaseModel):
    """What becomes of an import: so many polls find it unfinished, then it ends with `status`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    polls: int = Field(0, ge=0)
    status: ImportStatus = "Finished"


@dataclass(slots=True)
class ContactImport:
    """An import: the polls that will still find it unfinished, and its report."""

    polls_left: int
    report: Mapping[str, object]


class ImportBook:
    """All imports since the start or the last reset, by id."""

    def __init__(self) -> None:
        """Start with none; each will be finished when it is first polled."""
        self.rules = ImportRules()
        self._imports: dict[str, ContactImport] = {}

    @property
    def is_full(self) -> bool:
        """Whether as many imports as are allowed at once are still unfinished."""
        return sum(one.polls_left > 0 for one in self._imports.values()) >= MOST_ACTIVE

    def add(self, report: Mapping[str, object]) -> str:
        """Keep an import under the rules of now, with the report that it ends with; answers with its id."""
        import_id = str(uuid4())
        self._imports[import_id] = ContactImport(self.rules.polls, report)
        return import_id

    def poll(self, import_id: str) -> Mapping[str, object] | None:
        """What a poll of the import answers, or None if there is no such import."""
        one = self._imports.get(import_id)
        if one is None:
            return None
        if one.polls_left == 0:
            return {"importId": import_id, **one.report}
        one.polls_left -= 1
        return {"importId": import_id, **empty_report("NotFinished")}


def empty_report(status: str) -> dict[str, object]:
    """The report of an import that has done nothing, or nothing yet."""
    return {"status": status, "summary": {}, "created": [], "updated": [], "failures": []}
