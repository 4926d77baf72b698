"""Delivers many payloads of an action: in few requests where it can, else side by side, a person's in order."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from delivery.action import EARLIER, SIDE_BY_SIDE, Result
from delivery.contacts import people_of
from delivery.fields.payload import Payload
from delivery.outcome import Outcome
from delivery.pipeline import Delivery, Prepared


def deliver_many[P: Payload](delivery: Delivery[P], batch: Sequence[Prepared[P]]) -> list[Outcome]:
    """Perform a batch, which is in the order of its events, and give an outcome for each."""
    action = delivery.action
    if action.send_many and len(batch) >= action.many_from:
        return _SendingMany(delivery, batch).outcomes()
    people = people_of([each.payload for each in batch], delivery.dotdigital)
    if action.perform_many and len(batch) >= action.many_from:
        return _performed_many(delivery, batch, people)
    of_person: dict[int, list[int]] = {}
    for position, person in enumerate(people):
        of_person.setdefault(person, []).append(position)
    outcomes: dict[int, Outcome] = {}
    # Of sends one at a time: when Dotdigital stops responding, what is under way is in doubt.
    side_by_side = 1 if action.is_send else SIDE_BY_SIDE
    with ThreadPoolExecutor(min(side_by_side, len(of_person) or 1)) as pool:
        delivered = pool.map(
            lambda positions: _in_order(delivery, [batch[one] for one in positions]), of_person.values()
        )
        for positions, some in zip(of_person.values(), delivered, strict=True):
            outcomes.update(zip(positions, some, strict=True))
    return [outcomes[position] for position in range(len(batch))]


def _in_order[P: Payload](delivery: Delivery[P], batch: Sequence[Prepared[P]]) -> list[Outcome]:
    """Perform the payloads of one person."""
    if len(batch) > 1 and delivery.action.perform_many:
        return _performed_many(delivery, batch, [0] * len(batch))
    outcomes: list[Outcome] = []
    for prepared in batch:
        waits = bool(outcomes) and outcomes[-1].outcome == "retry"
        outcomes.append(delivery.wait(prepared, EARLIER) if waits else delivery.perform(prepared))
    return outcomes


def _performed_many[P: Payload](
    delivery: Delivery[P], batch: Sequence[Prepared[P]], people: Sequence[int]
) -> list[Outcome]:
    assert delivery.action.perform_many
    results: Sequence[Result]
    try:
        results = delivery.action.perform_many([each.payload for each in batch], people, delivery.dotdigital)
        if len(results) != len(batch):
            raise RuntimeError("the action did not give a result for each payload")
    except Exception as error:
        results = [error] * len(batch)
    return [delivery.complete(prepared, result) for prepared, result in zip(batch, results, strict=True)]


class _SendingMany[P: Payload]:
    """A batch of sends, each claimed before the request that makes it and completed after it."""

    def __init__(self, delivery: Delivery[P], batch: Sequence[Prepared[P]]) -> None:
        self._delivery = delivery
        self._batch = batch
        self._granted: set[int] = set()
        self._outcomes: dict[int, Outcome] = {}

    def outcomes(self) -> list[Outcome]:
        try:
            for position, result in self._results():
                self._settle(position, result)
            if len(self._outcomes) < len(self._batch):
                raise RuntimeError("the action did not give a result for each payload")
        except Exception as error:
            for position in set(range(len(self._batch))) - self._outcomes.keys():
                self._settle(position, error)
        return [self._outcomes[position] for position in range(len(self._batch))]

    def _results(self) -> Iterator[tuple[int, Result]]:
        assert self._delivery.action.send_many
        payloads = [each.payload for each in self._batch]
        return self._delivery.action.send_many(payloads, self._delivery.dotdigital, self._claim)

    def _claim(self, positions: Sequence[int]) -> list[int]:
        for position in positions:
            known = self._delivery.claim(self._batch[position])
            if known:
                self._outcomes[position] = known
            else:
                self._granted.add(position)
        for position in self._granted.intersection(positions):
            # Claiming the others took its time too.
            if late := self._delivery.give_up_if_late(self._batch[position]):
                self._outcomes[position] = late
                self._granted.remove(position)
        return [position for position in positions if position in self._granted]

    def _settle(self, position: int, result: Result) -> None:
        prepared = self._batch[position]
        if position in self._granted:
            self._outcomes[position] = self._delivery.complete(prepared, result)
            return
        # Nothing of it was sent yet, and what the record has of it is another function's.
        outcome = self._delivery.outcome_of(result, prepared.subscription)
        self._outcomes[position] = replace(outcome, outcome="retry") if outcome.outcome == "in_doubt" else outcome
