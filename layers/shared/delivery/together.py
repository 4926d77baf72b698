"""Performs many payloads of one action: in few calls where the action can, else side by side, a person's in order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from delivery.batch import EARLIER, SIDE_BY_SIDE, Batch, PerformBatch, Result
from delivery.fields.payload import Payload
from delivery.outcome import Outcome
from delivery.people import people_of
from delivery.pipeline import Delivery, Due
from delivery.results import outcome_of


def deliver_together[P: Payload](delivery: Delivery[P], dues: Sequence[Due[P]]) -> list[Outcome]:
    """Perform all that is due, which is in the order of the events, and give an outcome for each."""
    perform_batch = delivery.action.perform_batch
    if perform_batch and len(dues) >= delivery.action.batch_from:
        return _Together(delivery, dues).outcomes(perform_batch)
    people: dict[int, list[int]] = {}
    for position, person in enumerate(people_of([due.payload for due in dues], delivery.dotdigital)):
        people.setdefault(person, []).append(position)
    outcomes: dict[int, Outcome] = {}
    # Of sends one at a time: when Dotdigital stops to answer, what is under way is in doubt.
    side_by_side = 1 if delivery.action.is_send else SIDE_BY_SIDE
    with ThreadPoolExecutor(min(side_by_side, len(people) or 1)) as pool:
        of_people = pool.map(lambda positions: _in_order(delivery, [dues[one] for one in positions]), people.values())
        for positions, of_person in zip(people.values(), of_people, strict=True):
            outcomes.update(zip(positions, of_person, strict=True))
    return [outcomes[position] for position in range(len(dues))]


def _in_order[P: Payload](delivery: Delivery[P], dues: Sequence[Due[P]]) -> list[Outcome]:
    perform_batch = delivery.action.perform_batch
    if perform_batch and len(dues) > 1:
        return _Together(delivery, dues, people=[0] * len(dues)).outcomes(perform_batch)
    outcomes: list[Outcome] = []
    for due in dues:
        waits = bool(outcomes) and outcomes[-1].outcome == "retry"
        outcomes.append(delivery.wait(due, EARLIER) if waits else delivery.perform(due))
    return outcomes


class _Together[P: Payload]:
    def __init__(self, delivery: Delivery[P], dues: Sequence[Due[P]], people: Sequence[int] | None = None) -> None:
        self._delivery = delivery
        self._dues = dues
        self._people = people
        self._granted: set[int] = set()
        self._outcomes: dict[int, Outcome] = {}

    def outcomes(self, perform_batch: PerformBatch) -> list[Outcome]:
        payloads = [due.payload for due in self._dues]
        batch = Batch(payloads, self._delivery.dotdigital, self._claim, self._people)
        try:
            for position, result in perform_batch(batch):
                self._settle(position, result)
            if len(self._outcomes) < len(self._dues):
                raise RuntimeError("the batch did not give every result")
        except Exception as error:
            for position in set(range(len(self._dues))) - self._outcomes.keys():
                self._settle(position, error)
        return [self._outcomes[position] for position in range(len(self._dues))]

    def _claim(self, positions: Sequence[int]) -> list[int]:
        for position in positions:
            known = self._delivery.claim(self._dues[position])
            if known:
                self._outcomes[position] = known
            else:
                self._granted.add(position)
        for position in self._granted.intersection(positions):
            # Claiming the others took its time too.
            if late := self._delivery.give_up_if_late(self._dues[position]):
                self._outcomes[position] = late
                self._granted.remove(position)
        return [position for position in positions if position in self._granted]

    def _settle(self, position: int, result: Result) -> None:
        due = self._dues[position]
        if position in self._granted:
            self._outcomes[position] = self._delivery.settle(due, result)
            return
        # Nothing of it was sent yet, and what the record has of it is another function's.
        outcome = outcome_of(result, self._delivery.action, due.subscription)
        self._outcomes[position] = replace(outcome, outcome="retry") if outcome.outcome == "in_doubt" else outcome
