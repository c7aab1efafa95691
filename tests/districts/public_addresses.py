"""Every address that anybody may open, with something behind it: new addresses have to be added here."""

from collections.abc import Iterable, Iterator

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from districts.api.resources import RESOURCES
from districts.dumps import shelf
from districts.models import AgreementVersion
from portal.pages import NAMES as WORDS


def public_views() -> dict[str, object]:
    """Return name and view of every address that is served from the public room."""
    return {
        name: view for name, view in _walk(get_resolver().url_patterns) if getattr(view, "is_public_page", 0)
    }


def cached_views() -> set[str]:
    """Return the names of the addresses whose pages are kept."""
    return {name for name, view in public_views().items() if getattr(view, "is_cached_page", False)}


def _walk(patterns: Iterable[URLPattern | URLResolver], space: str = "") -> Iterator[tuple[str, object]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, f"{each.namespace}:" if each.namespace else space)
        else:
            yield f"{space}{each.name}", each.callback


@override("en")
def addresses(version: AgreementVersion) -> dict[str, str]:
    """Return an address for each name of `public_views`, about what `books.keep_register` has made."""
    agreement = version.agreement
    district, vendor = agreement.agency.slug, agreement.vendor.slug
    line = version.shared_elements.select_related("element__category").first()
    assert line is not None
    code = line.element.code
    dump = next(iter(shelf.dumps()), None)
    paper = version.documents.filter(withdrawal=None).first()
    where: dict[str, tuple[object, ...]] = {
        "home": (),
        "search": (),
        "district": (district,),
        "district_rights": (district,),
        "schools": (district,),
        "school": (district, agreement.agency.schools.first().pk),
        "charts": (district,),
        "embedded": (district,),
        "how_to_embed": (district,),
        "state_form": (district, "illinois"),
        "state_form_csv": (district, "illinois"),
        "state_form_columns": (district, "illinois"),
        "companies": (),
        "vendor": (vendor,),
        "product": (vendor, agreement.vendor.products.first().slug),
        "agreement": (agreement.public_id,),
        "agreement_version": (agreement.public_id, version.number),
        "agreement_linked_data": (agreement.public_id, version.number),
        "discussion": (agreement.public_id,),
        "document": (paper.public_id,),
        "document_text": (paper.public_id,),
        "data": (),
        "category": (line.element.category.code,),
        "element": (code,),
        "change": (agreement.publications.filter(version=version).first().public_id,),
        "feed": ("atom",),
        "district_feed": (district, "atom"),
        "school_feed": (district, agreement.agency.schools.first().pk, "atom"),
        "district_calendar": (district,),
        "vendor_calendar": (vendor,),
        "agreement_calendar": (agreement.public_id,),
        "vendor_feed": (vendor, "json"),
        "agreement_feed": (agreement.public_id, "atom"),
        "search_feed": ("json",),
        "element_feed": (code, "json"),
        "subject_feed": ("staff", "atom"),
        "open_data": (),
        "dump_list": (),
        "latest_dump": ("register.sqlite",),
        "dump_file": (dump.name if dump else "20260901T000000Z", "register.sqlite"),
    }
    found = {f"districts:{name}": reverse(f"districts:{name}", args=parts) for name, parts in where.items()}
    found["districts:search"] += "?q=lumino"
    found["districts:search_feed"] += "?q=lumino"
    for resource in RESOURCES:
        every = reverse(f"api:{resource.name}")
        one = Client().get(every).json()["results"][0]["id"]
        found |= {f"api:{resource.name}": every, f"api:{resource.one}": f"{every}/{one}"}
    found |= {f"api:{name}": reverse(f"api:{name}") for name in ("changes", "openapi")}
    found["api:None"] = "/api/v1/nothing-here"
    return found


@override("en")
def words_only() -> list[str]:
    """Return the addresses of the frame's pages that are words for anybody."""
    return [reverse(name) for name in WORDS]


def cached_addresses(version) -> list[str]:
    every = addresses(version)
    found = [every[name] for name in sorted(cached_views())]
    return [*found, *(f"/es{address}" for address in found), f"{every['districts:district']}?choice=1"]


def drawn_addresses(version) -> list[str]:
    """Return addresses that are drawn each time, from figures that are kept."""
    every = addresses(version)
    return [f"{every[name]}?anew=1" for name in ("districts:district", "districts:vendor")]
