"""One row of everything the register keeps, for tests that try to break its rules in SQL.

A published version has every part a version can have, and the newest rows of the parts are those of a draft.
"""

import datetime as dt

from districts.drafts import open_draft
from districts.endings import end_agreement, expire_due
from districts.incidents import report_incident
from districts.models import (
    AgencyClosure,
    Agreement,
    AgreementDocument,
    AgreementEvent,
    AgreementOriginal,
    AgreementVersion,
    Basis,
    ClauseReading,
    CommentWindow,
    CommentWindowChange,
    Crosswalk,
    DocumentText,
    DocumentWithdrawal,
    Hearing,
    HearingCancellation,
    Incident,
    OpenAnswer,
    OpenQuestion,
    OpenQuestionWithdrawal,
    OpenRefusal,
    Product,
    Prohibition,
    Promise,
    RegisterReview,
    Remark,
    Ruling,
    ScopeSchool,
    Subcontractor,
    TextWithdrawal,
    ToldFigures,
    VendorOwnership,
)
from districts.owners import change_owner
from districts.participation import join, leave
from districts.publish import publish_version
from tests import factories as f

#: The number of a published version whose agreement has no draft.
LONELY = 7


def make_full_version(agreement: Agreement, kinds: int = 2) -> AgreementVersion:
    """Publish a version that has every part a version can have."""
    lines = [(f"kind-{n}", f"group-{n}", Basis.CONSENT) for n in range(kinds)]
    version = f.make_draft(
        agreement, lines, summary="Reads.", scope_grades=["03"], short_notice_reason="Flood", cost="$5"
    )
    version.shared_elements.update(recipients=["Clearwave"], detail="as listed", reported_as=["ndpa.01.01"])
    Subcontractor.objects.create(version=version, name="Clearwave", role="Clips", location="US")
    Promise.objects.create(
        version=version,
        code="deletion",
        answer="yes",
        days=60,
        clause="4.2",
        reader="Dana",
        read_on=f.TODAY,
    )
    ScopeSchool.objects.create(version=version, school=f.make_school(agreement.agency))
    publish_version(version_id=version.pk, now=f.NOW)
    return version


def keep_register() -> AgreementVersion:
    """Make one row of everything; return the published version whose parts are complete."""
    state = f.make_state(state_agency_id="IL-1", nces_id="1700001")
    district = f.make_district(state=state, state_agency_id="IL-2", nces_id="1710370")
    f.make_staff(district)
    AgencyClosure.objects.create(agency=district, day=f.TODAY, label="Labor Day")
    vendor = f.make_vendor()
    product = Product.objects.create(vendor=vendor, name="Reader", slug="reader")
    own = f.make_agreement(district, vendor)
    own.products.add(product)
    published = make_full_version(own)
    _keep_papers(published)
    element = f.make_element()
    Crosswalk.objects.create(scheme="ndpa", identifier="ndpa.01.01", element=element)
    _make_all_kinds_of_news(own)
    AgreementEvent.objects.create(agreement=own, kind="executed", happened_on=f.TODAY)
    _let_others_speak(own)
    open_draft(own.pk)
    RegisterReview.objects.create(
        agency=district,
        agreement=own,
        kind="element",
        words="glorp",
        words_sha256="0" * 64,
        file="a.csv",
        line=2,
    )
    Prohibition.objects.create(element=element, law_profile="us-il", citation="105 ILCS 85")
    _discuss(own)
    ToldFigures.objects.create(publication=own.publications.latest("pk"), agency=district, people=120)
    return published


def _discuss(own: Agreement) -> None:
    window = CommentWindow.objects.create(
        agreement=own, opens_on=f.TODAY, closes_on=f.TODAY + dt.timedelta(days=30), how_to_take_part="Write."
    )
    CommentWindowChange.objects.create(
        window=window, closes_on=f.TODAY + dt.timedelta(days=40), reason="A holiday."
    )
    hearings = [
        Hearing.objects.create(
            agreement=own, starts_at=f.NOW, ends_at=f.NOW + dt.timedelta(hours=1), place="Library"
        )
        for _n in range(2)
    ]
    HearingCancellation.objects.create(hearing=hearings[0], reason="Snow.")
    for words in ("Who reads it?", "Who paid for it?", "Why?"):
        question = OpenQuestion.objects.create(
            agreement=own,
            kind="question",
            shown_name="A parent",
            text=words,
            asked_on=f.TODAY,
            due_on=f.TODAY + dt.timedelta(days=30),
        )
        OpenAnswer.objects.create(question=question, text="The teacher.", answered_on=f.TODAY)
        if words == "Who reads it?":
            OpenQuestionWithdrawal.objects.create(question=question, reason="A child was named.")
    OpenRefusal.objects.create(agreement=own, reason="insult", refused_on=f.TODAY)


def _keep_papers(version: AgreementVersion) -> None:
    for name in ("a", "b"):
        paper = AgreementDocument.objects.create(version=version, file=f"{name}.pdf", sha256="0" * 64, size=1)
    DocumentWithdrawal.objects.create(document=paper, reason="A name stood in it.")
    DocumentText.objects.create(
        document=version.documents.get(file="a.pdf"), file="a.txt", sha256="0" * 64, origin="read"
    )
    ClauseReading.objects.create(
        version=version,
        clause="il-deletion",
        answer="yes",
        place="4.2",
        reader="Privacy officer",
        read_on=f.TODAY,
    )
    TextWithdrawal.objects.create(version=version, field="cost", reason="A price that was agreed to be kept.")
    AgreementOriginal.objects.create(version=version, file="original.pdf", sha256="0" * 64)


def _let_others_speak(own: Agreement) -> None:
    """Enter an order, its correction, another one, a company's reply and the district's answer."""
    order = {"vendor": own.vendor, "kind": "order", "body": "Trade office", "decided_on": f.TODAY}
    sourced = {"summary": "It must delete voices.", "source_url": "https://office.example/17"}
    wrong = Ruling.objects.create(**order, **sourced)
    Ruling.objects.create(**order, **sourced, replaces=wrong)
    Ruling.objects.create(**order, **sourced)
    reply = Remark.objects.create(
        agreement=own, party="company", text="We delete after 30 days.", said_on=f.TODAY
    )
    Remark.objects.create(
        agreement=own, party="district", answers_to=reply, text="The paper says 60.", said_on=f.TODAY
    )


def _make_all_kinds_of_news(own: Agreement) -> None:
    """Let a district join and leave, an agreement end, another run out, an owner change, a breach happen."""
    offer = f.make_agreement(own.agency.state, own.vendor)
    lonely = f.make_draft(offer)
    AgreementVersion.objects.filter(pk=lonely.pk).update(number=LONELY)
    publish_version(version_id=lonely.pk, now=f.NOW)
    part = join(
        agreement_id=offer.pk, agency_id=own.agency_id, kind="joined", from_on=f.TODAY, now=f.NOW
    ).participation
    leave(participation_id=part.pk, until_on=f.TODAY + dt.timedelta(days=30), now=f.NOW)
    join(
        agreement_id=offer.pk,
        agency_id=own.agency_id,
        kind="joined",
        from_on=f.TODAY + dt.timedelta(days=30),
        now=f.NOW,
    )
    end_agreement(agreement_id=offer.pk, ends_on=f.TODAY + dt.timedelta(days=60), now=f.NOW)
    f.make_agreement(own.agency, ends_on=f.TODAY)
    expire_due(f.NOW + dt.timedelta(days=1))
    link = VendorOwnership.objects.create(vendor=own.vendor, owner=f.make_vendor(), since=f.TODAY)
    change_owner(ownership_id=link.pk, now=f.NOW)
    incident = Incident.objects.create(
        agency=own.agency,
        agreement=own,
        learned_on=f.TODAY,
        began_on=f.TODAY,
        date_kind="exact",
        description="Someone got in.",
    )
    incident.elements.add(f.make_element())
    report_incident(incident_id=incident.pk, now=f.NOW)
