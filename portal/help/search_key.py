"""One spelling for everything that people spell differently.

Accents and capitals go; Arabic letters that are written for one another become one, marks and
the article go, and the rest is set in Latin letters, because whether PostgreSQL takes Arabic
letters for letters depends on the locale of the server.
"""

from __future__ import annotations

import re
import unicodedata

from portal.forms.digits import western_digits

_ONE_LETTER = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ء": None}
    | {"ـ": None, "ß": "ss", "œ": "oe", "æ": "ae"}
)
_LATIN = str.maketrans(
    {"ا": "a", "ب": "b", "ت": "t", "ث": "c", "ج": "j", "ح": "h", "خ": "k", "د": "d", "ذ": "d"}
    | {"ر": "r", "ز": "z", "س": "s", "ش": "x", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "e"}
    | {"غ": "g", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w"}
    | {"ي": "y", "گ": "g", "ڤ": "v", "پ": "p", "چ": "j"}
)
_ARTICLE = re.compile(r"\b(?:[وفبك]?ال|لل)(?=\w{3})")


def search_key(text: str) -> str:
    """Return `text` in the one spelling that is searched: lower-case Latin letters and digits."""
    text = western_digits(text).casefold().translate(_ONE_LETTER)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = _ARTICLE.sub("", text.translate(_ONE_LETTER)).translate(_LATIN)
    return " ".join(re.findall(r"\w+", text))
