"""The kinds of personal data, in words for people."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "phone": _("a phone number"),
    "email": _("an email address"),
    "profile": _("the address of somebody's own page"),
    "birth": _("a date of birth"),
    "record": _("a record, insurance or identity number"),
    "street": _("a street address"),
    "clinician": _("the name of a clinician"),
}
