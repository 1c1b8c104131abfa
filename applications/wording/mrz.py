"""What is wrong with the two lines of a passport, in words.

A wrong check digit is never told: it would be copied instead of the passport being read again.
"""

from django.utils.translation import gettext_lazy as _

from .words import Text

_PARTS = {
    "PASSPORT_NUMBER": _(
        "Line %(line)s, signs %(first)s to %(last)s: the passport number and its check digit do "
        "not fit together. Compare each sign; O and 0, I and 1, B and 8 look alike."
    ),
    "BIRTH_DATE": _(
        "Line %(line)s, signs %(first)s to %(last)s: the date of birth and its check digit do not "
        "fit together. Compare each digit."
    ),
    "EXPIRES_ON": _(
        "Line %(line)s, signs %(first)s to %(last)s: the date of expiry and its check digit do not "
        "fit together. Compare each digit."
    ),
    "OPTIONAL": _(
        "Line %(line)s, signs %(first)s to %(last)s do not fit together. Compare each sign."
    ),
    "COMPOSITE": _(
        "Line %(line)s does not fit together with its last digit. Compare the whole line."
    ),
}

PROBLEMS: dict[str, Text] = {
    "TWO_LINES": _("Type both lines, one below the other. There were %(found)s."),
    "LENGTH": _("Line %(line)s has %(found)s signs. It must have %(wanted)s."),
    "SIGN": _(
        "Line %(line)s, sign %(first)s: “%(found)s” cannot stand there. The lines have only the "
        "letters A to Z, digits and the sign <."
    ),
    "NOT_A_PASSPORT": _(
        "Line %(line)s must begin with P. These lines belong to another document, not a passport."
    ),
    "NO_NAME": _("Line %(line)s, signs %(first)s to %(last)s: the name is missing."),
    "NO_NUMBER": _("Line %(line)s, signs %(first)s to %(last)s: the passport number is missing."),
    **{f"CHECK_{part}": text for part, text in _PARTS.items()},
    "DATE_BIRTH_DATE": _(
        "Line %(line)s, signs %(first)s to %(last)s: “%(found)s” is no date of birth. Enter the "
        "date yourself."
    ),
    "DATE_EXPIRES_ON": _(
        "Line %(line)s, signs %(first)s to %(last)s: “%(found)s” is no date of expiry. Enter the "
        "date yourself."
    ),
}
