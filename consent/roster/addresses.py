"""E-mail addresses as rosters hold them: lower case, or a reason why no mail server would take them."""

import re

from django.utils.translation import gettext_lazy as _

# Codes are stored in Guardian.email_problem (40 characters); staff read the sentences.
PROBLEMS = {
    "two_addresses": _("There is more than one address in the cell."),
    "no_at_sign": _("There is no @."),
    "two_at_signs": _("There are two @."),
    "nothing_before_at": _("Nothing stands before the @."),
    "no_domain": _("There is no domain after the @."),
    "no_dot_in_domain": _("The domain has no dot."),
    "space_inside": _("There is a space inside."),
    "trailing_dot": _("It ends with a dot."),
    "misplaced_dot": _("A dot stands where none may."),
    "not_ascii": _("There is a letter that mail servers do not take, such as ñ."),
    "bad_character": _("There is a character that no address has."),
    "bad_domain": _("The domain is not written as domains are."),
    "too_long": _("It is too long."),
}

# RFC 5321 section 4.5.3.1; RFC 5322 section 3.2.3 (dot-atom); RFC 1035 section 2.3.1 (labels).
LONGEST = 254
LONGEST_LOCAL = 64
LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+", re.ASCII)
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def read_address(cell: str) -> tuple[str, str]:
    """Return (address in lower case, "") or ("", code of the problem); ("", "") for an empty cell.

    Quoted local parts and address literals count as problems: real ones do not occur on rosters, typing
    errors that look like them do.
    """
    address = cell.strip().lower()
    if not address:
        return "", ""
    problem = _problem(address)
    return ("", problem) if problem else (address, "")


def _problem(address: str) -> str:
    if re.search(r"[,;]", address) and address.count("@") > 1:
        return "two_addresses"
    if re.search(r"\s", address):
        return "space_inside"
    if "@" not in address:
        return "no_at_sign"
    if address.count("@") > 1:
        return "two_at_signs"
    if not address.isascii():
        return "not_ascii"
    local, domain = address.split("@")
    if not local:
        return "nothing_before_at"
    if not domain:
        return "no_domain"
    if domain.endswith("."):
        return "trailing_dot"
    return _problem_of_parts(local, domain)


def _problem_of_parts(local: str, domain: str) -> str:
    if "." not in domain:
        return "no_dot_in_domain"
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "misplaced_dot"
    if not LOCAL.fullmatch(local):
        return "bad_character"
    labels = domain.split(".")
    if not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return "bad_domain"
    if len(local) > LONGEST_LOCAL or len(local) + 1 + len(domain) > LONGEST:
        return "too_long"
    return ""
