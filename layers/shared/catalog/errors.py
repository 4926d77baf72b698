"""What is wrong with a question before Dotdigital is asked, or with what it asks for. The message says what to do."""


class QuestionError(ValueError):
    """What was asked for cannot be: a field is missing or wrong."""


class UnknownError(QuestionError):
    """There is nothing of that name or id."""


class ConflictError(QuestionError):
    """The account has something else of that name."""
