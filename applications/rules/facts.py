"""What several rule modules are given: shared enums of the traveller's file.

Facts of one module alone stand in that module.  Every fact is plain and frozen; nothing here
knows a form, a row or a clock.
"""

from __future__ import annotations

from enum import StrEnum

# --- shared by passport, hosting certificate, filing and appeals ------------------------------


class VisaClass(StrEnum):
    """The visa that is asked for.

    ``long_stay`` is read as the general long-stay visa, so that a value from a page that asks
    less closely still names one class.
    """

    SHORT_STAY = "short_stay"
    LONG_STAY = "long_stay_general"
    FAMILY_REUNIFICATION = "long_stay_family_reunification"
    RETURN = "return_visa"
    AIRPORT_TRANSIT = "airport_transit"

    @classmethod
    def _missing_(cls, value: object) -> VisaClass | None:
        return cls.LONG_STAY if value == "long_stay" else None

    @property
    def is_short(self) -> bool:
        """Whether the Visa Code governs it: at most 90 days, or airport transit."""
        return self in (VisaClass.SHORT_STAY, VisaClass.AIRPORT_TRANSIT)


# --- visa requirement, main destination, checklist: keep their enums below this line ----------
