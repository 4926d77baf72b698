"""The python-liquid environment that templates are read and run in, with every limit set."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from io import StringIO
from typing import Any, Final, TextIO

from liquid import BoundTemplate, Environment
from liquid.context import RenderContext
from liquid.output import LimitedStringIO
from liquid.utils import ReadOnlyChainMap

from segment_events.mapping.limits import MAX_TEXT, spend, too_long
from segment_events.mapping.liquid_templates.filters import add_filters
from segment_events.mapping.liquid_templates.tags import add_tags
from segment_events.mapping.liquid_templates.values import PATH, look_into, plain
from segment_events.mapping.values import UNDEFINED

_MAX_VARIABLES: Final = 20 * MAX_TEXT


class LimitedText(LimitedStringIO):
    """What a template writes, at most MAX_TEXT characters; half an emoji is a character."""

    def __init__(self) -> None:
        """Start empty, and keep the ends of lines as they come."""
        super().__init__(MAX_TEXT, newline="")

    def write(self, written: str, /) -> int:
        """Add `written`, or raise MappingResolutionError when that is too much."""
        self.size += len(written)
        spend(PATH, len(written))
        if self.size > MAX_TEXT:
            raise too_long(PATH)
        return StringIO.write(self, written)


class Context(RenderContext):
    """The variables of one run: what the template assigns, then the event. Nothing of Python's."""

    def __init__(self, template: BoundTemplate, **options: Any) -> None:
        """Start with the event as the variables."""
        super().__init__(template, **options)
        self.scope = ReadOnlyChainMap(self.locals, self.globals, self.counters)

    def get_item(self, obj: Any, key: Any) -> Any:
        """Return what `obj` holds under `key`; raise KeyError if that is nothing."""
        value = look_into(obj, plain(key))
        if value is UNDEFINED:
            raise KeyError(key)
        return value

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        """Return what a block writes into."""
        return LimitedText()


class Template(BoundTemplate):
    """A parsed template."""

    context_class = Context

    def _get_buffer(self) -> StringIO:
        return LimitedText()


class LiquidEnvironment(Environment):
    """Reads templates as LiquidJS does, less what Segment switches off."""

    template_class = Template
    local_namespace_limit = _MAX_VARIABLES
    suppress_blank_control_flow_blocks = False
    logical_not_operator = True
    shorthand_indexes = True

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Give the filters of dates the clock `now`."""
        self._now = now
        super().__init__(strict_filters=False)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Give it the tags and filters of LiquidJS, none of python-liquid's."""
        add_tags(self)
        add_filters(self, self._now)


@lru_cache(maxsize=4)
def environment(now: Callable[[], datetime]) -> LiquidEnvironment:
    """Return the environment whose clock is `now`."""
    return LiquidEnvironment(now)
