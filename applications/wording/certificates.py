"""What a hosting certificate is called in the state it is for: the paper, and who confirms it.

The papers are not the same.  The German one is an undertaking to pay, the French one a
confirmation of lodging; the name a host must ask for is the one of the state (CV-07).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .words import Text


@dataclass(frozen=True, slots=True)
class CertificateWords:
    """`own_name` is the name on the paper, in the language of the state, never translated."""

    name: Text
    own_name: str
    own_language: str
    authority_hint: Text

    @property
    def foreign_name(self) -> str:
        """The name on the paper, where it says more than the name in the reader's language."""
        return "" if self.own_name == str(self.name) else self.own_name


CERTIFICATES = {
    "DE": CertificateWords(
        _("Undertaking of the host"),
        "Verpflichtungserklärung",
        "de",
        _("The office in Germany whose stamp is on the paper, with its town."),
    ),
    "FR": CertificateWords(
        _("Confirmation of lodging"),
        "Attestation d’accueil",
        "fr",
        _("The town hall in France whose stamp is on the paper."),
    ),
}
ELSEWHERE = CertificateWords(
    _("Hosting certificate"), "", "", _("The office whose stamp is on the paper, with its town.")
)


def certificate_words(state: str) -> CertificateWords:
    """Return how the certificate for `state` is called."""
    return CERTIFICATES.get(state, ELSEWHERE)
