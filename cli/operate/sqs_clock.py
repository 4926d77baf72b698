"""SQS's own clock, which stamps messages; the clock of this machine may be minutes off."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from cli.operate.place import Place


def now_in_sqs(place: Place, url: str) -> int:
    """Return a moment, in milliseconds since 1970, that every message so far came before and every later one not.

    SQS tells its time in whole seconds (the header Date), so the moment is the end of that second, which is waited for.
    """
    answer = place.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    date = answer["ResponseMetadata"]["HTTPHeaders"]["date"]
    place.waits.sleep(1)
    return (int(parsedate_to_datetime(date).timestamp()) + 1) * 1000
