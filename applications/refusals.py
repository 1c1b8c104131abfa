"""Why an application cannot be saved, submitted or checked as asked."""

from django.utils.translation import gettext_lazy as _

from portal.refusals import Refused


class ChangedElsewhere(Refused):
    """The application was saved in another window since this form was opened."""

    code = "CHANGED_ELSEWHERE"
    message = _("This application was changed in another window in the meantime.")
    remedy = _("What you typed here is still in the form. Check it and send it again to keep it.")


class NotADraft(Refused):
    """The application was submitted and can no longer be edited."""

    code = "NOT_A_DRAFT"
    message = _("This application was already submitted, so it cannot be changed here.")
    remedy = _("Open it and choose “Correct my answers” first.")


class Incomplete(Refused):
    """Something the application needs was not answered yet."""

    code = "INCOMPLETE"
    message = _("Some answers are still missing.")
    remedy = _("Complete the steps that are marked as not finished.")


class ReasonMissing(Refused):
    """A paper was refused without telling the applicant why."""

    code = "REASON_MISSING"
    message = _("A paper that is not acceptable needs a reason.")
    remedy = _("Write in one sentence what is wrong with it.")


class ConfirmedInFuture(Refused):
    """A certificate says it was confirmed on a day that has not come yet."""

    code = "CONFIRMED_IN_FUTURE"
    rule_id = "HO-01"
    message = _("No authority can confirm a certificate after today, %(today)s (rule HO-01).")
    remedy = _("Compare the day with the stamp on the paper.")


class CertificateKnown(Refused):
    """This account has entered a certificate with this number for this state already."""

    code = "CERTIFICATE_KNOWN"
    message = _("You have entered a certificate with this number already.")
    remedy = _("Open it in your list to change it or to choose whom it covers.")


class CertificateHandedIn(Refused):
    """A certificate covers a file that the authority has: it stays as it was handed in."""

    code = "CERTIFICATE_HANDED_IN"
    message = _(
        "This certificate belongs to a file that was handed in (%(references)s), so it stays as "
        "it is."
    )
    remedy = _("Enter a new certificate for the other travellers, or write to the consulate.")


class CoversNobody(Refused):
    """A certificate must serve at least one application, all for the same state."""

    code = "COVERS_NOBODY"
    message = _("Choose at least one of your applications that the certificate covers.")


class CoversSeveralStates(Refused):
    """The chosen applications lie with different states; a certificate is for one."""

    code = "COVERS_SEVERAL_STATES"
    message = _("A certificate is for one state, and these applications are for several.")
    remedy = _("Choose the applications for one state, and enter one certificate per state.")


# --- The conversation ---------------------------------------------------------------------------


class MessageEmpty(Refused):
    """A message without a word."""

    code = "MESSAGE_EMPTY"
    message = _("The message is empty.")
    remedy = _("Write what you want to say, then send it.")


class MessageTooLong(Refused):
    """A message beyond the limit."""

    code = "MESSAGE_TOO_LONG"
    message = _("The message has %(length)s characters; at most %(limit)s can be sent at once.")
    remedy = _("Shorten it, or send it in two parts.")


class NotSubmittedYet(Refused):
    """Nobody at the consulate reads a draft."""

    code = "NOT_SUBMITTED_YET"
    message = _("This application is still a draft, and nobody at the consulate reads drafts.")
    remedy = _("Submit it first; then you can write here.")


# --- At the counter -----------------------------------------------------------------------------


class NotAcceptedNeedsReason(Refused):
    """A file was sent away without telling its owner why."""

    code = "NOT_ACCEPTED_NEEDS_REASON"
    rule_id = "PA-12"
    message = _("A file that is not accepted needs a reason: the applicant reads it.")
    remedy = _("Write what is wrong, by which rule, and what the applicant can do.")


class PassportInsufficient(Refused):
    """The rules stop a file with this passport at the counter (PA-12)."""

    code = "PASSPORT_INSUFFICIENT"
    rule_id = "PA-12"
    message = _(
        "Rule PA-12: with this passport the file may not be accepted. Nothing was recorded."
    )
    remedy = _(
        "If the passport on the desk differs from the answers, record what you see. Otherwise "
        "choose “File not accepted”: that is no refusal, and a new appointment can be booked."
    )


class PassportNeedsConsulate(Refused):
    """Only the consulate can say yes to this passport (PA-08, PA-09)."""

    code = "PASSPORT_NEEDS_CONSULATE"
    rule_id = "PA-09"
    message = _(
        "Rules PA-09 and PA-12: the consulate must say yes to this passport before the file is "
        "accepted. Nothing was recorded."
    )
    remedy = _("Propose a derogation; a second agent confirms it. Then accept the file.")


class PassportSeenIncomplete(Refused):
    """What an agent saw in a passport cannot be."""

    code = "PASSPORT_SEEN_IMPOSSIBLE"
    message = _("A passport cannot expire before it was issued.")
    remedy = _("Compare both dates with the passport.")


# --- Requests for papers ------------------------------------------------------------------------


class RequestEmpty(Refused):
    """Papers are asked for, and none is named."""

    code = "REQUEST_EMPTY"
    message = _("Nothing was asked for.")
    remedy = _("Choose a paper, or write in words what is missing.")


class DueDateWrong(Refused):
    """The last day of a request leaves no time, or is out of sight."""

    code = "DUE_DATE_WRONG"
    message = _("The last day must lie after today and not after %(latest)s.")
    remedy = _("Choose a day that leaves time to find the papers.")


class RequestOpen(Refused):
    """Papers are still awaited, so nothing is decided and nothing more is asked."""

    code = "REQUEST_OPEN"
    message = _("Papers were asked for until %(due_on)s, and they may still come.")
    remedy = _("Wait for that day, or take the request back first.")


class NoRequest(Refused):
    """There is nothing to answer."""

    code = "NO_REQUEST"
    message = _("No papers are asked for any more.")
    remedy = _("To add something, write a message.")


# --- Urgency ------------------------------------------------------------------------------------


class NotDerogable(Refused):
    """Urgency lifts the margin of validity and nothing else (PA-09)."""

    code = "NOT_DEROGABLE"
    rule_id = "PA-09"
    message = _(
        "Rule PA-09: urgency can only lift the months of validity after the journey. This "
        "passport meets that rule, or misses another one."
    )
    remedy = _("Read the verdict on the passport above.")


class DerogationReasonMissing(Refused):
    """A derogation is justified, or it is none."""

    code = "DEROGATION_REASON_MISSING"
    rule_id = "PA-09"
    message = _("Rule PA-09: an urgency must be justified.")
    remedy = _("Write what makes the journey urgent and how it was shown.")


class DerogationOpen(Refused):
    """One proposal waits already."""

    code = "DEROGATION_OPEN"
    message = _("A derogation is proposed already and waits for a second agent.")
    remedy = _("Ask a colleague to confirm or refuse it.")


class NoDerogation(Refused):
    """No proposal waits."""

    code = "NO_DEROGATION"
    message = _("No derogation waits any more.")
    remedy = _("Load the page again to see what a colleague did.")


class SecondAgentNeeded(Refused):
    """Who proposed a derogation does not confirm it."""

    code = "SECOND_AGENT_NEEDED"
    rule_id = "PA-09"
    message = _("Rule PA-09: who proposed a derogation cannot settle it.")
    remedy = _("Ask a colleague to open this file.")


# --- Decisions ----------------------------------------------------------------------------------


class NeverFiled(Refused):
    """A file that was never handed in has no decision (PA-12, AP-05)."""

    code = "NEVER_FILED"
    rule_id = "PA-12"
    message = _("This file was not handed in before that day, so nothing was decided on it then.")
    remedy = _("Compare the day with the day of handing in.")


class DecidedAlready(Refused):
    """A colleague recorded a decision first."""

    code = "DECIDED_ALREADY"
    message = _("A decision of this kind is recorded already. Yours was not recorded.")
    remedy = _("Load the page again and compare it with the paper.")


class NothingToEnd(Refused):
    """Only a visa that was granted can be annulled or revoked."""

    code = "NOTHING_TO_END"
    message = _("Only a visa that was granted, and not later, can be annulled or revoked.")
    remedy = _("Compare the paper with the decisions above.")


class DecisionReasonMissing(Refused):
    """A decision against somebody says why."""

    code = "DECISION_REASON_MISSING"
    message = _("A decision against the applicant needs its reason.")
    remedy = _("Copy the reason from the paper that is handed over.")


class DayInFuture(Refused):
    """Something was recorded that has not happened yet."""

    code = "DAY_IN_FUTURE"
    message = _("This day lies in the future: only what happened is recorded.")
    remedy = _("Enter the day printed on the paper, or wait for the day.")


class NoDecision(Refused):
    """The decision does not belong to this file."""

    code = "NO_DECISION"
    message = _("There is no such decision in this file. Nothing was recorded.")
    remedy = _("Load the page again.")


class NotifiedTooEarly(Refused):
    """Nobody is told before something is decided."""

    code = "NOTIFIED_TOO_EARLY"
    rule_id = "RC-06"
    message = _("The day of notification lies before the day of the decision.")
    remedy = _("Compare both days with the paper.")


class NotifiedAlready(Refused):
    """The day from which remedies run does not move."""

    code = "NOTIFIED_ALREADY"
    rule_id = "RC-06"
    message = _(
        "Rule RC-06: the day of notification is recorded already, and the time to appeal runs."
    )
    remedy = _("If it is wrong, tell a supervisor.")


class VisaDaysWrong(Refused):
    """A visa has a first and a last day."""

    code = "VISA_DAYS_WRONG"
    message = _("A granted visa needs its first and its last day, in this order.")
    remedy = _("Copy both days from the visa.")


# --- Papers of a file ---------------------------------------------------------------------------


class PaperUnknown(Refused):
    """A paper that no list knows, or that has nothing to upload."""

    code = "PAPER_UNKNOWN"
    message = _("There is no such paper in the list.")
    remedy = _("Choose a paper from the checklist.")


class PapersClosed(Refused):
    """The file is with the authority, decided or withdrawn: its papers stay as they are."""

    code = "PAPERS_CLOSED"
    message = _("The papers of this application cannot be changed any more.")
    remedy = _("If something is missing, the consulate asks for it in a message.")


class PaperChangedElsewhere(Refused):
    """Another window, or a second click, was faster with the same paper."""

    code = "PAPER_CHANGED_ELSEWHERE"
    message = _("This paper was changed in another window at the same time.")
    remedy = _("Look at what is there now. If your file is still missing, choose it again.")


class PaperIsChecked(Refused):
    """An agent has found the paper good: it stays as it was seen."""

    code = "PAPER_IS_CHECKED"
    message = _("An agent has checked this paper, so it stays as it is.")
    remedy = _("Bring the new one to the counter.")


class TooManyFiles(Refused):
    """More files than one paper may have."""

    code = "TOO_MANY_FILES"
    message = _("A paper can have %(limit)s files at most.")
    remedy = _("Put several pages into one PDF, or remove a file that is not needed.")


class FileTooMuch(Refused):
    """More bytes than one application may keep."""

    code = "FILE_TOO_MUCH"
    message = _("The files of one application can have %(megabytes)s MB together.")
    remedy = _("Remove a file that is not needed, or scan with 200 dots per inch.")


class IssuedInFuture(Refused):
    """A paper says it was issued on a day that has not come yet."""

    code = "ISSUED_IN_FUTURE"
    message = _("No paper can be issued after today, %(today)s.")
    remedy = _("Compare the day with the paper.")


class DatesBackwards(Refused):
    """A paper that ends before it begins."""

    code = "DATES_BACKWARDS"
    message = _("The last day lies before the first day.")
    remedy = _("Compare both days with the paper.")


class GuardianMissing(Refused):
    """A minor without an adult of the household who signs."""

    code = "GUARDIAN_MISSING"
    rule_id = "AP-01"
    message = _("A child's application is signed by an adult of the household who has care of it.")
    remedy = _("Choose the guardian. If nobody is listed, add yourself to your household first.")


class GuardianOfSomebody(Refused):
    """A change would leave a minor with a guardian who is a minor too."""

    code = "GUARDIAN_OF_SOMEBODY"
    rule_id = "AP-01"
    message = _("This person is the guardian of %(ward)s, so the date of birth must be an adult's.")
    remedy = _("Choose another guardian for the child first, or correct the date of birth.")


class TravellerKnown(Refused):
    """Somebody of this account is “myself” already."""

    code = "TRAVELLER_KNOWN"
    message = _("You are in your household already: %(name)s.")
    remedy = _("Open that entry to change it, or choose what this other person is to you.")


class HouseholdFull(Refused):
    """More travellers than one account may keep."""

    code = "HOUSEHOLD_FULL"
    message = _("A household can have %(limit)s travellers at most.")
    remedy = _("Remove somebody who does not travel any more.")


class OneApplicationPerJourney(Refused):
    """The traveller has an application for the same state and days already."""

    code = "ONE_APPLICATION_PER_JOURNEY"
    rule_id = "AP-01"
    message = _(
        "%(name)s has an application for this journey already: %(reference)s. Every traveller "
        "makes one application per journey."
    )
    remedy = _("Go on with that application, or withdraw it before you submit this one.")


class TextChanged(Refused):
    """A text to agree to got a new version while the page was open."""

    code = "TEXT_CHANGED"
    rule_id = "AP-07"
    message = _("The text that you agree to has changed since you opened this page.")
    remedy = _("Read the new text below and confirm it again.")


class AppointmentFirst(Refused):
    """A booked file cannot be deleted: its seat would be lost to everybody."""

    code = "APPOINTMENT_FIRST"
    message = _("An appointment is booked for this application: %(references)s.")
    remedy = _("Cancel the appointment first, then delete.")


class FileIsKept(Refused):
    """What was handed in belongs to the authority's file until its time is over."""

    code = "FILE_IS_KEPT"
    rule_id = "DP-04"
    message = _(
        "The application %(references)s was handed in. The authority needs it, so it cannot be "
        "deleted at once (rules DP-03 and DP-04)."
    )
    remedy = _(
        "The page “My data” says until when it is kept, and whom to write to about the rest."
    )


class AccountHasFiles(Refused):
    """While an authority examines a file, its questions must reach somebody."""

    code = "ACCOUNT_HAS_FILES"
    rule_id = "DP-04"
    message = _(
        "An authority examines %(references)s, and its questions and its answer must reach you. "
        "Until then the account stays (rule DP-04)."
    )
    remedy = _("Wait for the answer, or withdraw the application first.")


class StaffAccount(Refused):
    """Accounts of staff are kept by administrators."""

    code = "STAFF_ACCOUNT"
    message = _("An account of staff is not closed here.")
    remedy = _("Ask an administrator.")


class ReceiptOutdated(Refused):
    """The file says something else than the receipt that was issued."""

    code = "RECEIPT_OUTDATED"
    message = _("This receipt does not agree with the application any more.")
    remedy = _("Write a message: the consulate can tell you what was changed.")


class MessagesTooMany(Refused):
    """More messages about one file than anybody can read."""

    code = "MESSAGES_TOO_MANY"
    message = _("At most %(limit)s messages about one application can be sent in 24 hours.")
    remedy = _("Write again tomorrow, or put several questions into one message.")
