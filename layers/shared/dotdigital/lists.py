"""Lists (address books), through the v2 API.

https://developer.dotdigital.com/reference/address-books
"""

from dotdigital.ids import positive
from dotdigital.paths import path
from dotdigital.transport import Call, Transport


class Lists:
    """The lists of an account."""

    def __init__(self, transport: Transport) -> None:
        """Call through `transport`."""
        self._transport = transport

    def remove(self, list_id: int, contact_id: int) -> None:
        """Take a contact off a list; the contact itself stays. Raises NotFoundError where list or contact is unknown.

        https://developer.dotdigital.com/reference/delete-contact-from-address-book
        """
        self._transport.call(
            Call(
                "DELETE",
                path(
                    "v2",
                    "address-books",
                    positive(list_id, "list"),
                    "contacts",
                    positive(contact_id, "contact"),
                ),
            )
        )
