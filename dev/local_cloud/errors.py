"""What stops a local run for a reason that the person at the keyboard can act on."""


class LocalCloudError(Exception):
    """A fault whose text, one line that says what to do, is all that the person needs to see."""
