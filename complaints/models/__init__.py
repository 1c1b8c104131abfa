"""Cases: complaints and appeals, who handles them, and the letters that answer them."""

from .appeal import Appeal, IncomingMail, MailFile, RegisterYear
from .case import Case, CaseFile, CaseMessage, CaseNote
from .complaint import Complaint, ComplaintDraft, Concerned
from .handling import Desk, SavedView, Skip
from .letter import Letter, PostBag

__all__ = [
    "Appeal",
    "Case",
    "CaseFile",
    "CaseMessage",
    "CaseNote",
    "Complaint",
    "ComplaintDraft",
    "Concerned",
    "Desk",
    "IncomingMail",
    "Letter",
    "MailFile",
    "PostBag",
    "RegisterYear",
    "SavedView",
    "Skip",
]
