"""What goes wrong at Dotdigital: failures armed in the sandbox, out of a seed, while the run goes on."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from tests.faults.machine import Machine

SLOW_SECONDS: Final = 1.6
"""How long a slow answer takes; a function that may meet one is given a little less."""

_MARGIN_SECONDS: Final = 5.0
"""What Lambda's side keeps for its own end."""

_KILLED: Final = 0.25
_KILLED_AFTER: Final = (0.005, 0.02, 0.05, 0.1, 0.2)
_PATHS: Final = (
    "^/contacts/v3/",
    "^/contacts/v3/import/",
    "^/v2/address-books/",
    "^/v2/programs/enrolments$",
    "^/v2/campaigns/send$",
    "^/v2/email$",
    "^/v2/email/triggered-campaign$",
    "^/v2/sms-messages/",
    "^/cpaas/messages$",
)
_ANY_PATH: Final = 0.7
"""How often a failure is for whatever is called next: by path alone, the few enrolments would hardly ever succeed."""

_BROKEN: Final[dict[str, dict[str, Any]]] = {
    "dropped before the work": {"action": "drop_before"},
    "dropped after the work": {"action": "drop_after"},
    "400 ERROR_APIUSAGE_EXCEEDED": {
        "action": "status",
        "status": 400,
        "body": {"message": "Your account is being temporarily capped. ERROR_APIUSAGE_EXCEEDED"},
    },
    "500 not done": {"action": "status", "status": 500},
    "500 done": {"action": "status", "status": 500, "do_work": True},
    "503 not done": {"action": "status", "status": 503},
    "503 done": {"action": "status", "status": 503, "do_work": True},
    "429, no header": {"action": "status", "status": 429},
    "429, seconds": {"action": "status", "status": 429, "headers": {"X-RateLimit-Reset": "40"}},
    "429, Retry-After": {"action": "status", "status": 429, "headers": {"Retry-After": "15"}},
}
_EPOCH: Final = "429, epoch"
_SLOW: Final = "slower than the time-out"


@dataclass
class Chaos:
    """Arms failures. `armed` counts them by kind."""

    machine: Machine
    random: Random
    share: float
    armed: dict[str, int] = field(default_factory=dict)

    def trouble(self) -> dict[str, Any]:
        """Arm perhaps a failure, and say what happens to the invocation that is about to start: see Job."""
        dice = self.random.random()
        if dice < self.share:
            self._arm(self.random.choice([*_BROKEN, _EPOCH]))
        elif dice < self.share * 1.1:
            self._arm(_SLOW)
            return {"seconds": _MARGIN_SECONDS + SLOW_SECONDS - 0.2}
        return {"kill_after": self.kill_after()}

    def kill_after(self) -> float | None:
        """Say after how many real seconds the function that is about to start is killed; None for most."""
        return self.random.choice(_KILLED_AFTER) if self.random.random() < self.share * _KILLED else None

    def _arm(self, kind: str) -> None:
        order = dict(_BROKEN.get(kind, {}))
        if kind == _EPOCH:
            reset = self.machine.sandbox.clock.now().timestamp() + self.random.randint(5, 50)
            order = {"action": "status", "status": 429, "headers": {"X-RateLimit-Reset": str(int(reset))}}
        if kind == _SLOW:
            order = {"action": "delay", "seconds": SLOW_SECONDS}
        path = "" if self.random.random() < _ANY_PATH else self.random.choice(_PATHS)
        self.machine.sandbox.fail(path=path, after=self.random.randint(0, 3), **order)
        self.armed[kind] = self.armed.get(kind, 0) + 1
