"""What stands in the way of a calculation."""


class CostError(ValueError):
    """A file that is needed is not there or not right. The message says which, and what to do."""
