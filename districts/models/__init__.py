"""The nouns of the public register. No family data lives here."""

from ..law import BASES_WITH_A_CHOICE, OPT_IN_BASES, OPT_OUT_BASES, Basis, Control, control_of
from .agencies import Agency, AgencyClosure, AgencyStaff, Origin, School
from .agreements import Agreement, AgreementEvent, Participation, term_contains
from .catalogue import (
    SENSITIVE_KINDS,
    CategoryText,
    Crosswalk,
    DataCategory,
    DataElement,
    ElementText,
    Prohibition,
    Purpose,
    PurposeText,
)
from .changes import Change, Incident, Publication
from .choices import ChoiceTerms, ChoiceText
from .discussion import CommentWindow, CommentWindowChange, Hearing, HearingCancellation
from .documents import (
    AgreementDocument,
    AgreementOriginal,
    DocumentText,
    DocumentWithdrawal,
    TextWithdrawal,
)
from .figures import ToldFigures
from .open_questions import OpenAnswer, OpenQuestion, OpenQuestionWithdrawal, OpenRefusal
from .promises import Promise
from .readings import ClauseReading
from .register import RegisterStamp, RegisterVersion
from .remarks import Remark
from .reviews import RegisterReview
from .rulings import Ruling
from .search import SearchEntry, SearchWord
from .vendors import Product, Vendor, VendorOwnership
from .versions import (
    AgreementVersion,
    ScopeSchool,
    SharedElement,
    Subcontractor,
)

__all__ = [
    "BASES_WITH_A_CHOICE",
    "OPT_IN_BASES",
    "OPT_OUT_BASES",
    "SENSITIVE_KINDS",
    "Agency",
    "AgencyClosure",
    "AgencyStaff",
    "Agreement",
    "AgreementDocument",
    "AgreementEvent",
    "AgreementOriginal",
    "AgreementVersion",
    "Basis",
    "CategoryText",
    "Change",
    "ChoiceTerms",
    "ChoiceText",
    "ClauseReading",
    "CommentWindow",
    "CommentWindowChange",
    "Control",
    "Crosswalk",
    "DataCategory",
    "DataElement",
    "DocumentText",
    "DocumentWithdrawal",
    "ElementText",
    "Hearing",
    "HearingCancellation",
    "Incident",
    "OpenAnswer",
    "OpenQuestion",
    "OpenQuestionWithdrawal",
    "OpenRefusal",
    "Origin",
    "Participation",
    "Product",
    "Prohibition",
    "Promise",
    "Publication",
    "Purpose",
    "PurposeText",
    "RegisterReview",
    "RegisterStamp",
    "RegisterVersion",
    "Remark",
    "Ruling",
    "School",
    "ScopeSchool",
    "SearchEntry",
    "SearchWord",
    "SharedElement",
    "Subcontractor",
    "TextWithdrawal",
    "ToldFigures",
    "Vendor",
    "VendorOwnership",
    "control_of",
    "term_contains",
]
