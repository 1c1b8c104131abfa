"""The traveller's file: one module per subject."""

from .application import Application, name_key, passport_key, traveller_key
from .counter import Decision, Derogation, PaperRequest
from .document import Document, DocumentFile, paper_choices
from .hosting import HostedApplication, HostingCertificate, certificate_key
from .household import Traveller
from .messages import FileMessage

__all__ = [
    "Application",
    "Decision",
    "Derogation",
    "Document",
    "DocumentFile",
    "FileMessage",
    "HostedApplication",
    "HostingCertificate",
    "PaperRequest",
    "Traveller",
    "certificate_key",
    "name_key",
    "paper_choices",
    "passport_key",
    "traveller_key",
]
