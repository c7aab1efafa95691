"""Writes the agreements of a register: new ones whole, known ones only where nothing is published yet."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from districts.models import (
    Agency,
    Agreement,
    AgreementEvent,
    AgreementVersion,
    Participation,
    Product,
    Vendor,
)

from .companies import add_websites
from .drafts import DraftWriter
from .entries import Doubt, Entry, Kind
from .names import name_key
from .plan import LONGEST_NOTE, Plan, is_no_agreement, plans_of, title_key
from .report import RegisterReport
from .reviews import ReviewWriter

State = Agreement.State
Event = AgreementEvent.Kind
#: A state is only ever raised by a sheet; what is published is changed by verbs with dates.
ORDER = (State.PROPOSED, State.SIGNED, State.ENDED)

Party = tuple[int, int, list[Entry]]


@dataclass
class Known:
    """An agreement of a party with what is needed to compare it."""

    agreement: Agreement
    products: set[str]
    is_published: bool = False
    is_turned_down: bool = False


class AgreementWriter:
    """Writes batch by batch; one instance for one load."""

    def __init__(
        self,
        report: RegisterReport,
        drafts: DraftWriter,
        reviews: ReviewWriter,
        usual_state: str,
        now: dt.datetime,
    ) -> None:
        self.report = report
        self.drafts = drafts
        self.reviews = reviews
        self.usual_state = usual_state
        self.now = now

    def write(self, parties: Sequence[Party]) -> None:
        """Write the agreements of some agencies with some companies."""
        agencies = Agency.objects.in_bulk({agency for agency, _vendor, _entries in parties})
        vendors = Vendor.objects.in_bulk({vendor for _agency, vendor, _entries in parties})
        known = self._known(parties)
        products = _products(vendors)
        new: list[tuple[Agreement, Plan]] = []
        standing: list[tuple[Known, Plan]] = []
        for agency_id, vendor_id, entries in parties:
            theirs = known.get((agency_id, vendor_id), [])
            for found in plans_of(entries):
                match = _match(theirs, found)
                if match is not None:
                    standing.append((match, found))
                else:
                    new.append((self._begun(agencies[agency_id], vendors[vendor_id], found), found))
        Agreement.objects.bulk_create(agreement for agreement, _plan in new)
        self._begin(new)
        for match, found in standing:
            self._bring_up(match, found)
        self._link_products([*((a, p) for a, p in new), *((k.agreement, p) for k, p in standing)], products)
        self.drafts.write([(a, p) for a, p in new], [(k.agreement, p) for k, p in standing])
        self._tell(new, standing)
        add_websites(
            (a.vendor_id, p.website) for a, p in [*new, *((k.agreement, p) for k, p in standing)] if p.website
        )

    def _known(self, parties: Iterable[Party]) -> dict[tuple[int, int], list[Known]]:
        pairs = {(agency, vendor) for agency, vendor, _entries in parties}
        rows = (
            Agreement.objects.filter(
                agency__in={agency for agency, _v in pairs}, vendor__in={vendor for _a, vendor in pairs}
            )
            .select_related("agency", "vendor")
            .select_for_update(of=("self",), no_key=True)
            .order_by("pk")
        )
        found = {agreement.pk: Known(agreement, set()) for agreement in rows}
        for agreement, name in Agreement.products.through.objects.filter(agreement__in=found).values_list(
            "agreement", "product__name"
        ):
            found[agreement].products.add(name_key(name))
        for agreement in (
            AgreementVersion.objects.published()
            .filter(agreement__in=found)
            .values_list("agreement", flat=True)
        ):
            found[agreement].is_published = True
        for pk in Agreement.objects.turned_down().filter(pk__in=found).values_list("pk", flat=True):
            found[pk].is_turned_down = True
        by_party: dict[tuple[int, int], list[Known]] = {}
        for each in found.values():
            by_party.setdefault((each.agreement.agency_id, each.agreement.vendor_id), []).append(each)
        return by_party

    def _begun(self, agency: Agency, vendor: Vendor, found: Plan) -> Agreement:
        """Return a new agreement, not saved; without a status it is only proposed."""
        if not found.state:
            self.report.notes["without_status"] += 1
        begins, ends, note = _day(found.term.begins), _day(found.term.ends), found.term_note
        if is_no_agreement(found):  # its term never began
            self.report.notes["turned_down"] += 1
            begins, ends, note = None, None, ""
        return Agreement(
            agency=agency,
            vendor=vendor,
            title=found.title[:LONGEST_NOTE],
            state=self._state(found, agency),
            begins_on=begins,
            ends_on=ends,
            term_note=note,
        )

    def _state(self, found: Plan, agency: Agency) -> str:
        """Return the state a sheet gives; a signed agreement whose last day has passed is over.

        What was not approved is over as well.
        """
        if is_no_agreement(found):
            return State.ENDED.value
        state = found.state or self.usual_state
        ends = _day(found.term.ends)
        if state == State.SIGNED and ends and ends < agency.today(self.now):
            return State.ENDED.value
        return state

    def _begin(self, new: Sequence[tuple[Agreement, Plan]]) -> None:
        """Record how new agreements begin, with what the sheet says, and each district's own part."""
        AgreementEvent.objects.bulk_create(
            event for agreement, found in new for event in self._events(agreement, found)
        )
        self._take_part([agreement for agreement, _plan in new])
        self.report.counts["agreements"].created += len(new)

    def _events(self, agreement: Agreement, found: Plan) -> list[AgreementEvent]:
        note = "\n".join(found.said)
        executed, listed = _day(found.term.executed), _day(found.term.listed)
        if agreement.state == State.PROPOSED:
            return [AgreementEvent(agreement=agreement, kind=Event.PROPOSED, happened_on=listed, note=note)]
        if is_no_agreement(found):
            return [AgreementEvent(agreement=agreement, kind=Event.DECLINED, happened_on=None, note=note)]
        events = [AgreementEvent(agreement=agreement, kind=Event.EXECUTED, happened_on=executed, note=note)]
        if agreement.state == State.ENDED:
            today = agreement.agency.today(self.now)
            last = agreement.ends_on if agreement.ends_on and agreement.ends_on < today else None
            events.append(AgreementEvent(agreement=agreement, kind=Event.ENDED, happened_on=last))
        return events

    def _take_part(self, agreements: Iterable[Agreement]) -> None:
        Participation.objects.bulk_create(
            Participation(
                agreement=agreement,
                agency=agreement.agency,
                kind=Participation.Kind.OWN,
                from_on=agreement.begins_on or agreement.agency.today(self.now),
            )
            for agreement in agreements
            if agreement.state == State.SIGNED and agreement.agency.kind == Agency.Kind.DISTRICT
        )

    def _bring_up(self, known: Known, found: Plan) -> None:
        """Bring an agreement that nobody has published to what the sheet says; else ask staff."""
        agreement, before = known.agreement, known.agreement.state
        if is_no_agreement(found) and known.is_turned_down:
            self.report.counts["agreements"].unchanged += 1
            return
        state = self._state(found, agreement.agency) if found.state else before
        begins = _day(found.term.begins) or agreement.begins_on
        ends = _day(found.term.ends) or agreement.ends_on
        wanted = {
            "state": state,
            "begins_on": begins,
            "ends_on": ends,
            "term_note": found.term_note or agreement.term_note,
        }
        if is_no_agreement(found):  # its term never began
            wanted = {"state": state}
        differing = [name for name, value in wanted.items() if getattr(agreement, name) != value]
        is_late = is_no_agreement(found) and before != State.PROPOSED  # staff say what became of it
        is_back = is_late or ORDER.index(State(state)) < ORDER.index(State(before))
        if "state" in differing and (is_back or known.is_published):
            words = f"{before} > {found.state or state}"
            found.doubts.append(Doubt(Kind.STATUS, found.line, "", words))
            differing.remove("state")
        dated = [name for name in differing if name != "state"]
        if dated and (known.is_published or (begins and ends and begins > ends)):
            words = "; ".join(f"{name}: {getattr(agreement, name) or '–'} > {wanted[name]}" for name in dated)
            found.doubts.append(Doubt(Kind.TERM, found.line, "", words))
            differing = [name for name in differing if name == "state"]
        for name in differing:
            setattr(agreement, name, wanted[name])
        counts = self.report.counts["agreements"]
        if differing:
            agreement.save(update_fields=differing)
        if "state" in differing:
            AgreementEvent.objects.bulk_create(self._events(agreement, found))
            self._take_part([agreement])
        if "state" in differing and state == State.ENDED:
            counts.ended += 1
        elif differing:
            counts.changed += 1
        else:
            counts.unchanged += 1

    def _link_products(
        self, pairs: Iterable[tuple[Agreement, Plan]], products: dict[tuple[int, str], int]
    ) -> None:
        through = Agreement.products.through
        links = [
            through(agreement_id=agreement.pk, product_id=products[(agreement.vendor_id, key)])
            for agreement, found in pairs
            for key in found.products
            if (agreement.vendor_id, key) in products
        ]
        through.objects.bulk_create(links, ignore_conflicts=True)

    def _tell(self, new: Sequence[tuple[Agreement, Plan]], standing: Sequence[tuple[Known, Plan]]) -> None:
        pairs = [*((a, p) for a, p in new), *((k.agreement, p) for k, p in standing)]
        for agreement, found in pairs:
            for doubt in found.doubts:
                self.reviews.take(agreement.agency_id, agreement.pk, doubt)
            self.report.list_agreement(
                line=found.line,
                agency=agreement.agency.name,
                vendor=agreement.vendor.name,
                title=agreement.title,
                state=agreement.state,
                term=[
                    agreement.begins_on and str(agreement.begins_on),
                    agreement.ends_on and str(agreement.ends_on),
                ],
                term_note=agreement.term_note,
                lines=len({code for code, _p, _b, _d in found.lines}),
                waiting=len(found.doubts),
            )
        self.reviews.flush()


def _match(theirs: Sequence[Known], found: Plan) -> Known | None:
    """Return the agreement a plan is about: of the same title, or the only one about its products."""
    for each in theirs:
        if title_key(each.agreement.title) in found.titles:
            return each
    about = [each for each in theirs if not each.products or each.products & set(found.products)]
    return about[0] if len(about) == 1 else None


def _products(vendors: Iterable[int]) -> dict[tuple[int, str], int]:
    rows = Product.objects.filter(vendor__in=list(vendors)).order_by("-pk")
    return {(vendor, name_key(name)): pk for pk, vendor, name in rows.values_list("pk", "vendor", "name")}


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
