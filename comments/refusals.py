"""A reply that cannot be taken: why, and what the reader gets back."""

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.translation import gettext as _


@dataclass
class Refused(Exception):
    """`sentence` is for the reader; empty where the form's own errors say it.

    `link` leads to what the sentence speaks of; `retry_after` is in seconds. A `question` is answered
    by the buttons that its template shows in place of the sentence.
    """

    status: HTTPStatus
    sentence: str
    link: str = ""
    retry_after: int = 0
    question: object = None


def too_large() -> Refused:
    return Refused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is far more than a reply can hold. Please send a shorter text.")
    )


def unreadable() -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, _("What was sent could not be read. Please use the form under the article."))


def not_here() -> Refused:
    return Refused(
        HTTPStatus.NOT_FOUND,
        _("There is no article at this address to reply to. Your text was not sent; you can copy it from here."),
    )


def closed() -> Refused:
    return Refused(
        HTTPStatus.FORBIDDEN,
        _("Replies to this article are closed. Your text was not sent; you can copy it from here."),
    )


def from_elsewhere() -> Refused:
    return Refused(
        HTTPStatus.FORBIDDEN,
        _("This came from another site, so we did not take it yet. Press the button to send it from here."),
    )


def too_old() -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("This page was open for a long time. Nothing is lost: press the button once more to send it."),
    )


def fields_are_wrong() -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "")


def parent_gone() -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("The reply you answered is no longer there. Press the button to post yours under the article instead."),
    )


def too_fast(seconds: int) -> Refused:
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Many replies came from your network just now. Your text is kept here; please send it again in a minute."),
        retry_after=seconds,
    )


def duplicate(link: str) -> Refused:
    return Refused(HTTPStatus.CONFLICT, _("This very reply is already here, so we did not take it twice:"), link=link)


def asked_first(question: object) -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Your reply is not sent yet. Please look at it once more before it may be public."),
        question=question,
    )


def confirms_patient(question: object = None) -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("This reply may confirm that its reader is a patient, which no public page may do. It was not sent."),
        question=question,
    )


def proof_first(question: object) -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("One moment: your reply is not sent yet. Your browser is asked to do a small calculation first."),
        question=question,
    )


def act_from_elsewhere() -> Refused:
    return Refused(
        HTTPStatus.FORBIDDEN,
        _("This was sent from another site, so nothing was changed. Press the button here if you meant it."),
    )


def act_unknown() -> Refused:
    return Refused(
        HTTPStatus.BAD_REQUEST, _("This could not be read, so nothing was changed. Please use one of the buttons here.")
    )


def too_late_to_edit() -> Refused:
    return Refused(
        HTTPStatus.FORBIDDEN,
        _("This reply can no longer be changed, so it stays as it was. You can copy your new text from here."),
    )


def changed_meanwhile() -> Refused:
    return Refused(
        HTTPStatus.CONFLICT,
        _("This reply was changed or decided on while you wrote, so your text is not saved yet. It is kept here."),
    )


def no_address() -> Refused:
    return Refused(
        HTTPStatus.CONFLICT,
        _("We have no email address with this reply any more, so nothing was changed: notices would go nowhere."),
    )


def not_saved() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("Your reply could not be saved just now. Your text is kept here; please send it again in a minute."),
        retry_after=60,
    )


def too_many_reports(seconds: int) -> Refused:
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Many reports came from your network just now. Yours is kept here; please send it again in a while."),
        retry_after=seconds,
    )


def report_not_saved() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("Your report could not be saved just now. It is kept here; please send it again in a minute."),
        retry_after=60,
    )


def too_many_asked(seconds: int) -> Refused:
    return Refused(
        HTTPStatus.TOO_MANY_REQUESTS,
        _("Many addresses were typed from your network just now. Yours is kept here; please send it again in a while."),
        retry_after=seconds,
    )


def asking_not_saved() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("This could not be done just now. Your address is kept here; please send it again in a minute."),
        retry_after=60,
    )


def act_not_done() -> Refused:
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("This could not be done just now, and nothing was changed. Please go back and try again in a minute."),
        retry_after=60,
    )


def not_sure() -> Refused:
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("Nothing has been changed yet. Tick the box to say that you are sure.")
    )
