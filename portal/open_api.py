"""Settings of drf-spectacular: what the OpenAPI document says of the API as a whole."""

from typing import Any

ABOUT = """
The public register of this site: which companies may get which data about students, under which agreement,
for what, and until when. Read-only, for anybody, without a key.

* **Ids stay.** The catalogue is known by codes; agreements, publications, breaches, hearings and public
  questions by UUIDs; everything else by numbers. An id is never used twice.
* **Gaps are data.** An empty text or null means that nobody has filled it in. "not_stated" means that
  somebody read the agreement and it does not say.
* **Days** are calendar days of the agency; instants are UTC.
* **Ask again at no cost**: send the ETag as If-None-Match; 304 means that nothing public has changed.
* **Follow the register**: /api/v1/changes.
"""

# What every enum of the API is called in the document.
ENUMS = {
    "AgencyKind": "agencies.Agency.Kind",
    "DecisionRule": "agencies.Agency.DecisionRule",
    "VendorKind": "vendors.Vendor.Kind",
    "Subject": "catalogue.DataElement.Subject",
    "Sensitivity": "catalogue.DataElement.Sensitivity",
    "AgreementKind": "agreements.Agreement.Kind",
    "AgreementState": "agreements.Agreement.State",
    "EventKind": "agreements.AgreementEvent.Kind",
    "ParticipationKind": "agreements.Participation.Kind",
    "SubcontractorsAnswer": "versions.AgreementVersion.Subcontractors",
    "Source": "versions.SharedElement.Source",
    "Kept": "versions.SharedElement.Kept",
    "PromiseCode": "promises.Promise.Code",
    "PromiseAnswer": "promises.Promise.Answer",
    "ClauseAnswer": "readings.ClauseReading.Answer",
    "WithdrawnField": "documents.TextWithdrawal.Field",
    "PublicationKind": "changes.Publication.Kind",
    "ChangeKind": "changes.Change.Kind",
    "Severity": "changes.Change.Severity",
    "IncidentDateKind": "changes.Incident.DateKind",
    "RulingKind": "rulings.Ruling.Kind",
    "RemarkParty": "remarks.Remark.Party",
    "QuestionKind": "open_questions.OpenQuestion.Kind",
    "RefusalReason": "open_questions.OpenRefusal.Reason",
}


def open_api_settings() -> dict[str, Any]:
    """Return the settings."""
    return {
        "TITLE": "Openroll: the public register",
        "DESCRIPTION": ABOUT.strip(),
        "VERSION": "1",
        "OAS_VERSION": "3.1.0",
        "LICENSE": {"name": "CC0-1.0", "identifier": "CC0-1.0"},
        "ENUM_NAME_OVERRIDES": {
            **{name: f"districts.models.{where}" for name, where in ENUMS.items()},
            "Basis": "districts.law.Basis",
        },
        "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
        "COMPONENT_SPLIT_REQUEST": False,
    }
