"""A version of an agreement as JSON-LD in the W3C Data Privacy Vocabulary, with its context inside."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from . import dpv
from .addresses import absolute, page
from .models import AgreementVersion, SharedElement
from .open_data import LICENCE_URL
from .saying import kept_words
from .words import Words, words

MEDIA_TYPE = "application/ld+json"
Node = dict[str, Any]

_TERMS = ("hasApplicability", "hasEntityInvolvement", "hasDataSubject", "hasDataSource")


def context() -> Node:
    """Return the context: whoever reads it asks no third party what a name means."""
    return {
        "@language": get_language() or "en",
        "dpv": "https://w3id.org/dpv#",
        "pd": "https://w3id.org/dpv/pd#",
        "dcterms": "http://purl.org/dc/terms/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "register": absolute("/open-data/#"),
        **{f"dpv:{name}": {"@type": "@id"} for name in _TERMS},
        **{name: {"@type": "@id"} for name in ("dcterms:license", "rdfs:seeAlso")},
        **{name: {"@type": "xsd:date"} for name in ("register:from", "register:until", "register:keptUntil")},
    }


def agreement_as_linked_data(version: AgreementVersion) -> Node:
    """Return a published version and each of its lines; six queries for any number of lines.

    The district is the one who decides what for (DPV's controller). The company is a recipient and nothing
    more: which further role it has is the law's to say.
    """
    found = version.agreement
    lines = list(
        version.shared_elements.select_related("element__category", "purpose").prefetch_related(
            "element__crosswalks"
        )
    )
    said = words(elements=(line.element_id for line in lines), purposes=(line.purpose_id for line in lines))
    address = page("agreement_version", found.public_id, version.number)
    return {
        "@context": context(),
        "@id": address,
        "@type": "dpv:PersonalDataProcess",
        "dcterms:title": found.title,
        "dcterms:identifier": str(found.public_id),
        "register:number": version.number,
        "dcterms:license": LICENCE_URL,
        "rdfs:seeAlso": absolute(f"/api/v1/versions/{version.pk}"),
        "register:state": found.state,
        "register:from": _day(version.effective_from),
        "register:until": _day(found.ends_on),
        "dpv:hasDataController": {
            "@id": page("district", found.agency.slug),
            "@type": "dpv:DataController",
            "rdfs:label": _plain(found.agency.name),
        },
        "dpv:hasRecipient": [
            {
                "@id": page("vendor", found.vendor.slug),
                "@type": "dpv:Recipient",
                "rdfs:label": _plain(found.vendor.name),
                "register:kind": found.vendor.kind,
            },
            *_others(each.name for each in version.subcontractors.all()),
        ],
        "register:subcontractors": version.subcontractors_answer,
        "dpv:hasProcess": [_line(address, line, said) for line in lines],
    }


def _line(address: str, line: SharedElement, said: Words) -> Node:
    return {
        "@id": f"{address}#line-{line.pk}",
        "@type": "dpv:PersonalDataProcess",
        "dpv:hasPersonalData": _data(line, said),
        "dpv:hasDataSubject": dpv.SUBJECTS[line.element.subject],
        "dpv:hasPurpose": _purpose(line, said),
        "dpv:hasLegalBasis": {
            "@type": dpv.BASES.get(line.basis, dpv.ANY_BASIS),
            "rdfs:label": line.get_basis_display(),
            "register:basis": line.basis,
        },
        "dpv:hasEntityInvolvement": dpv.CONTROLS[line.control],
        "dpv:hasDataSource": dpv.SOURCES.get(line.source, dpv.NOT_FILLED_IN),
        "dpv:hasRecipient": _others(line.recipients),
        "dpv:hasStorageCondition": {"@type": "dpv:StorageDuration", **_duration(line)},
    }


def _data(line: SharedElement, said: Words) -> Node:
    narrower = sorted(each.identifier for each in line.element.crosswalks.all() if each.scheme == "dpv")
    return {
        "@id": page("element", line.element.code),
        "@type": [dpv.SENSITIVITIES[line.element.sensitivity], *narrower],
        "rdfs:label": said.element(line.element_id),
        "register:element": line.element.code,
        "register:category": line.element.category.code,
        "register:sensitivity": line.element.sensitivity,
    }


def _purpose(line: SharedElement, said: Words) -> Node:
    if line.purpose is None:
        return dict(dpv.NOT_FILLED_IN)
    return {
        "@type": dpv.PURPOSES.get(line.purpose.code, dpv.ANY_PURPOSE),
        "rdfs:label": said.purpose(line.purpose_id),
        "register:purpose": line.purpose.code,
    }


def _duration(line: SharedElement) -> Node:
    """Return how long a line is kept: a kind of duration with our own words, days and date, or a gap."""
    if line.kept not in dpv.DURATIONS:
        return dict(dpv.NOT_FILLED_IN)
    duration: Node = {
        "@type": dpv.DURATIONS[line.kept],
        "rdfs:label": kept_words(line),
        "register:kept": line.kept,
    }
    if line.kept_days is not None and line.kept.startswith("after_"):
        duration["register:keptDays"] = line.kept_days
    if line.kept_until is not None and line.kept == SharedElement.Kept.DATE:
        duration["register:keptUntil"] = _day(line.kept_until)
    return {"dpv:hasDuration": duration}


def _others(names: Iterable[str]) -> list[Node]:
    return [{"@type": "dpv:Recipient", "rdfs:label": _plain(name)} for name in dict.fromkeys(names)]


def _plain(name: str) -> Node:
    """Return a name, which is in no language."""
    return {"@value": name}


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
