"""What our codes mean in the W3C Data Privacy Vocabulary (DPV 2.0), for the agreements as linked data.

A small table that a lawyer can read. Where DPV has no narrower term the general one stands: a term that says
more than the register knows would be untrue. Our own code always stands beside the term. Pure.
"""

from collections.abc import Mapping

from .law import Basis, Control

#: Where no line of a table fits.
ANY_PURPOSE = "dpv:Purpose"
ANY_BASIS = "dpv:LegalBasis"

#: DPV has no ground for “shared unless refused”, so those stay general; the control stands beside them.
BASES: Mapping[str, str] = {
    Basis.CONSENT: "dpv:Consent",
    Basis.STATE_OPTIONAL: "dpv:Consent",
    Basis.PPRA_CONSENT: "dpv:Consent",
    Basis.COPPA_PARENT: "dpv:Consent",
    Basis.CT_IEP_EXCEPTION: "dpv:Consent",
    Basis.ELECTIVE_IN: "dpv:Consent",
    Basis.PPRA_OPTOUT: ANY_BASIS,
    Basis.DIRECTORY: ANY_BASIS,
    Basis.ELECTIVE_OUT: ANY_BASIS,
    Basis.SCHOOL_OFFICIAL: "dpv:OfficialAuthorityOfController",
    Basis.COPPA_SCHOOL: "dpv:OfficialAuthorityOfController",
    Basis.STUDIES: "dpv:PublicInterest",
    Basis.AUDIT: "dpv:PublicInterest",
    Basis.REQUIRED_BY_LAW: "dpv:LegalObligation",
    Basis.HEALTH_SAFETY: "dpv:VitalInterest",
    Basis.TRANSFER: "dpv:OfficialAuthorityOfController",
    Basis.LAW_ENFORCEMENT: "dpv:LegalObligation",
}

#: What a family may do about it.
CONTROLS: Mapping[str, str] = {
    Control.OPT_IN: "dpv:OptingInToProcess",
    Control.OPT_OUT: "dpv:OptingOutFromProcess",
    Control.INFORM: "dpv:CannotOptOutFromProcess",
}

PURPOSES: Mapping[str, str] = {
    "sign-in": "dpv:IdentityAuthentication",
    "class-lists": "dpv:RecordManagement",
    "take-attendance": "dpv:RecordManagement",
    "keep-records": "dpv:RecordManagement",
    "send-records": "dpv:RecordManagement",
    "personal-practice": "dpv:ServicePersonalisation",
    "improve-teaching": "dpv:ServiceOptimisation",
    "take-payments": "dpv:PaymentManagement",
    "contact-families": "dpv:CommunicationManagement",
    "keep-safe": "dpv:EnforceSecurity",
    "report-state": "dpv:LegalCompliance",
    "review-schools": "dpv:ImprovePublicServices",
    "store-data": "dpv:TechnicalServiceProvision",
    "research": "dpv:ResearchAndDevelopment",
    "plan-staff": "dpv:PersonnelManagement",
    "train-staff": "dpv:HumanResourceManagement",
    "fix-problems": "dpv:RepairImpairments",
    "secure-accounts": "dpv:MisusePreventionAndDetection",
    "improve-product": "dpv:ImproveExistingProductsAndServices",
    **dict.fromkeys(
        [
            *("teach-class", "give-tests", "grade-work", "show-work", "plan-schedules", "help-disabilities"),
            *("help-english-learners", "give-support", "health-office", "serve-meals", "run-buses"),
            *("run-library", "school-photos", "run-activities", "college-careers"),
        ],
        "dpv:ServiceProvision",
    ),
    **dict.fromkeys(["handle-behavior", "ask-opinions", "count-funding", "other-purpose"], ANY_PURPOSE),
}

#: Whom the data is about; the family of a student are its parents to DPV.
SUBJECTS: Mapping[str, str] = {
    "student": "dpv:Student",
    "family": "dpv:ParentOfDataSubject",
    "staff": "dpv:Employee",
}

SENSITIVITIES: Mapping[str, str] = {
    "low": "dpv:PersonalData",
    "medium": "dpv:PersonalData",
    "high": "dpv:SensitivePersonalData",
}

SOURCES: Mapping[str, str] = {
    "school_record": "dpv:DataControllerDataSource",
    "student": "dpv:DataSubjectDataSource",
    "family": "dpv:DataSubjectDataSource",
    "use": "dpv:DataSubjectDataSource",
    "other_company": "dpv:ThirdPartyDataSource",
}

#: How long data is kept; what is not filled in has no duration, see NOT_FILLED_IN.
DURATIONS: Mapping[str, str] = {
    "date": "dpv:UntilTimeDuration",
    "after_agreement": "dpv:UntilEventDuration",
    "after_leaving": "dpv:UntilEventDuration",
    "after_collection": "dpv:TemporalDuration",
    "school_year": "dpv:UntilEventDuration",
    "not_stated": "dpv:IndeterminateDuration",
}

#: A gap: it applies, and the district has not filled it in.
NOT_FILLED_IN: Mapping[str, str] = {"dpv:hasApplicability": "dpv:NotAvailable"}
