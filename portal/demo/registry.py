"""Puts the story's agencies, companies and agreements into the register, through the register's own verbs."""

import datetime as dt

from django.utils.text import slugify

from districts import owners, participation, publish
from districts.models import (
    Agency,
    Agreement,
    AgreementEvent,
    AgreementVersion,
    ChoiceTerms,
    ChoiceText,
    DataCategory,
    DataElement,
    Participation,
    Product,
    Promise,
    Purpose,
    SharedElement,
    Subcontractor,
    Vendor,
    VendorOwnership,
)

from .story.shapes import Company, Edition


class Registrar:
    """Writes companies of the story as they stood on their days, counted from `now`."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.today = now.date()
        self.elements = {element.code: element for element in DataElement.objects.all()}
        self.purposes = {purpose.code: purpose for purpose in Purpose.objects.all()}
        self.categories = {category.code: category for category in DataCategory.objects.all()}

    def day(self, offset: int) -> dt.date:
        """Return the day that many days from today."""
        return self.today + dt.timedelta(days=offset)

    def day_if_known(self, offset: int | None) -> dt.date | None:
        """Return the day that many days from today; None for a day the story does not know."""
        return None if offset is None else self.day(offset)

    def moment(self, offset: int) -> dt.datetime:
        """Return the instant that many days from now."""
        return self.now + dt.timedelta(days=offset)

    def sign(self, company: Company) -> Agreement:
        """Make the company and its agreement, with those who take part from its first day."""
        agency = Agency.objects.get(slug=company.agency)
        agreement = Agreement.objects.create(
            agency=agency,
            vendor=self.vendor(company),
            title=company.title,
            kind=company.agreement_kind,
            state=company.state,
            begins_on=self.day_if_known(company.begins),
            ends_on=self.day_if_known(company.ends),
        )
        if company.product:
            product, _made = Product.objects.get_or_create(
                vendor=agreement.vendor, slug=slugify(company.product), defaults={"name": company.product}
            )
            agreement.products.add(product)
        if agency.kind == Agency.Kind.DISTRICT:
            Participation.objects.create(
                agreement=agreement,
                agency=agency,
                kind=Participation.Kind.OWN,
                from_on=self.day(company.begins if company.begins is not None else -120),
            )
        if company.state == "signed" and company.begins is not None:
            AgreementEvent.objects.create(
                agreement=agreement, kind="executed", happened_on=agreement.begins_on
            )
        return agreement

    def vendor(self, company: Company) -> Vendor:
        vendor, _made = Vendor.objects.get_or_create(
            slug=slugify(company.name),
            defaults={
                "name": company.name,
                "legal_name": company.legal_name,
                "kind": company.kind,
                "summary": company.summary,
                "business_address": company.address,
            },
        )
        return vendor

    def draft(self, agreement: Agreement, edition: Edition) -> AgreementVersion:
        """Write one version as a draft."""
        listed = AgreementVersion.Subcontractors
        version = AgreementVersion.objects.create(
            agreement=agreement,
            number=agreement.versions.count() + 1,
            effective_from=self.day(edition.effective),
            sharing_starts_on=self.day(edition.effective if edition.sharing is None else edition.sharing),
            summary=edition.summary,
            why_this_company=edition.why,
            who_decided=edition.who_decided,
            signer_title=edition.signer,
            cost=edition.cost,
            standing_note=edition.standing_note,
            short_notice_reason=edition.short_notice,
            scope_grades=list(edition.grades),
            scope_programs=list(edition.programs),
            checked_on=self.day(min(edition.effective, 0)),
            subcontractors_answer=(
                listed.NOT_FILLED_IN
                if edition.subcontractors is None
                else listed.LISTED
                if edition.subcontractors
                else listed.NONE_STATED
            ),
        )
        self._lines(version, edition)
        self._choices(version, edition)
        for name, role, location in edition.subcontractors or ():
            Subcontractor.objects.create(version=version, name=name, role=role, location=location)
        if edition.promises:
            for code, (answer, days, clause) in edition.promises.answers.items():
                Promise.objects.create(
                    version=version,
                    code=code,
                    answer=answer,
                    days=days,
                    clause=clause,
                    reader=edition.promises.reader,
                    read_on=version.checked_on,
                )
        return version

    def _lines(self, version: AgreementVersion, edition: Edition) -> None:
        SharedElement.objects.bulk_create(
            SharedElement(
                version=version,
                element=self.elements[code],
                purpose=self.purposes[data.purpose],
                basis=data.basis,
                source=data.source,
                recipients=list(data.recipients),
                kept=data.kept,
                kept_days=data.kept_days,
                detail=data.detail,
            )
            for data in edition.data
            for code in data.elements
        )

    def _choices(self, version: AgreementVersion, edition: Edition) -> None:
        for choice in edition.choices:
            terms = ChoiceTerms.objects.create(
                version=version,
                category=self.categories[choice.category],
                basis=choice.basis,
                answer_by=self.day(choice.answer_in),
                equal_alternative=True,
            )
            for language, texts in (("en", choice.en), ("es", choice.es)):
                names = ("if_yes", "if_no", "if_silent", "data_already_sent")
                ChoiceText.objects.create(
                    terms=terms, language=language, **dict(zip(names, texts, strict=True))
                )

    def publish(self, version: AgreementVersion, edition: Edition, *, baseline: bool = False) -> None:
        """Publish a version on the day of the story it took effect, or today if that is still to come."""
        opened = -60  # days ago: the day this site opened
        when = self.moment(opened if baseline else min(edition.effective - 21, 0))
        publish.publish_version(version_id=version.pk, now=when, baseline=baseline)

    def take_part(self, company: Company, agreement: Agreement) -> None:
        """Let the districts that joined, or must join, a state agreement take part."""
        for slugs, kind in ((company.joined_by, "joined"), (company.required_of, "required")):
            for slug in slugs:
                participation.join(
                    agreement_id=agreement.pk,
                    agency_id=Agency.objects.get(slug=slug).pk,
                    kind=kind,
                    from_on=self.day(company.begins or 0),
                    now=self.moment(company.begins or 0),
                )

    def sell(self, company: Company, agreement: Agreement) -> None:
        """Let the company's new owner be told, where the story has one."""
        if company.owner is None:
            return
        name, since = company.owner
        buyer, _made = Vendor.objects.get_or_create(
            slug=slugify(name), defaults={"name": name, "kind": Vendor.Kind.FOR_PROFIT}
        )
        link = VendorOwnership.objects.create(
            vendor=agreement.vendor, owner=buyer, since=self.day_if_known(since)
        )
        owners.change_owner(ownership_id=link.pk, now=self.now)
