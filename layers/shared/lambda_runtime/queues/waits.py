"""For how long a message that is to come again stays out of sight.

Each time that it comes back counts against its queue's maxReceiveCount, so waits grow with the receives: a message that
waits for all of RETRY_FOR_HOURS comes back about 400 times, whatever it waits for (tests/template/test_receives.py).
"""

import math
from typing import Final

_FIRST_UNNAMED: Final = 30.0
_NAMED_AS_IT_IS: Final = 5
"""A limit's reset is waited for so often as it was named: a short queue then drains at the limit's own rate."""
_FIRST_GROWN: Final = 60.0
_GROWTH: Final = 1.1
_LONGEST: Final = 900.0
_MOST_WAITS: Final = 288
_LONGEST_OF_SQS: Final = 43_000
"""SQS keeps a message out of sight for 12 hours, 43,200 seconds, counted from when it was received."""


def wait_seconds(receives: int, named: float | None, retry_for_hours: float, jitter: float) -> int:
    """Give the seconds until a message that was received so often is seen again.

    It is never less than what Dotdigital `named`, where it did, and grows up to 900 seconds, or more where a message is
    tried for longer than 72 hours. `jitter` is 0 to 1: messages that were refused together do not come back together.
    """
    if named is None:
        grown = _FIRST_UNNAMED * 2.0 ** min(receives - 1, 100)
    elif receives <= _NAMED_AS_IT_IS:
        grown = 0.0
    else:
        grown = _FIRST_GROWN * _GROWTH ** min(receives - _NAMED_AS_IT_IS, 100)
    longest = max(_LONGEST, retry_for_hours * 3600 / _MOST_WAITS)
    spread = round(min(grown, longest) * (0.5 + jitter / 2))
    return min(max(spread, math.ceil(named or 0.0)), _LONGEST_OF_SQS)
