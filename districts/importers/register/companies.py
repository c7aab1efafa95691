"""Finds the companies and products a sheet names, and makes those nobody has named before."""

import hashlib
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify

from districts.models import Product, Vendor

from ..report import Counts
from . import staging
from .names import LONGEST, name_key

SLUG_LENGTH = 70


class Companies:
    """Companies by the key of their name; a name that is nobody's may be one company's product.

    Grows with the number of companies, not with the rows of a sheet.
    """

    def __init__(self, office: str = "") -> None:
        """`office` is the agency's own name: a sheet without companies is about what it holds itself."""
        self.office = name_key(office)
        self.counts = Counts()
        self.products = Counts()
        self.vendors: dict[str, int] = {}
        self.owners: dict[str, int | None] = {}
        for pk, name, legal in Vendor.objects.order_by("-pk").values_list("pk", "name", "legal_name"):
            if legal:
                self.vendors[name_key(legal)] = pk
            self.vendors[name_key(name)] = pk  # the oldest of a name wins
        for vendor, name in Product.objects.order_by("pk").values_list("vendor", "name").iterator():
            self._learn_owner(name, vendor)

    def is_known(self, name: str) -> bool:
        """Tell whether a name is a company's or a product's by itself."""
        return name_key(name) in self.vendors or name_key(name) in self.owners

    def settle(self) -> None:
        """Find or make every company and product of the staged rows; stated companies come first."""
        for batch in staging.companies():
            stated = [(key, name) for key, name in batch if key.startswith("!")]
            self._find_or_make([(key.removeprefix("!"), name) for key, name in stated])
            staging.keep_vendors([(key, self.vendors[key.removeprefix("!")]) for key, _name in stated])
        self._settle_products(is_stated=True)
        for batch in staging.companies():
            plain = [(key, name) for key, name in batch if not key.startswith("!")]
            unknown = [(key, name) for key, name in plain if self._meant(key) is None]
            self.counts.unchanged += len(plain) - len(unknown)
            self._find_or_make(unknown)
            staging.keep_vendors([(key, self._meant(key) or self.vendors[key]) for key, _name in plain])
        self._settle_products(is_stated=False)

    def _meant(self, key: str) -> int | None:
        return self.vendors.get(key) or self.owners.get(key)

    def _find_or_make(self, named: Sequence[tuple[str, str]]) -> None:
        new = {key: name for key, name in named if key not in self.vendors}
        self.counts.unchanged += len(named) - len(new)
        self.counts.created += len(new)
        slugs = _free_slugs(Vendor.objects.all(), new.values())
        made = Vendor.objects.bulk_create(
            Vendor(name=name[:LONGEST], slug=slug, kind=self._kind(key))
            for (key, name), slug in zip(new.items(), slugs, strict=True)
        )
        self.vendors.update(zip(new, (vendor.pk for vendor in made), strict=True))

    def _kind(self, key: str) -> str:
        kinds = Vendor.Kind
        return (kinds.PUBLIC_OFFICE if self.office and key == self.office else kinds.UNKNOWN).value

    def _settle_products(self, *, is_stated: bool) -> None:
        for batch in staging.stated_products():
            named = [
                (self._meant(key.removeprefix("!")), name)
                for key, name in batch
                if key.startswith("!") == is_stated
            ]
            self._make_products([(vendor, name[:LONGEST]) for vendor, name in named if vendor])

    def _make_products(self, named: Sequence[tuple[int, str]]) -> None:
        """Make those of the products that their company does not run yet."""
        known = {
            (vendor, name_key(name))
            for vendor, name in Product.objects.filter(vendor__in={vendor for vendor, _name in named})
            .values_list("vendor", "name")
            .iterator()
        }
        new: dict[tuple[int, str], str] = {}
        for vendor, name in named:
            if (vendor, name_key(name)) not in known:
                new.setdefault((vendor, name_key(name)), name)
        self.products.created += len(new)
        self.products.unchanged += len(named) - len(new)
        slugs = _free_slugs(Product.objects.filter(vendor__in={vendor for vendor, _k in new}), new.values())
        Product.objects.bulk_create(
            Product(vendor_id=vendor, name=name, slug=slug)
            for ((vendor, _key), name), slug in zip(new.items(), slugs, strict=True)
        )
        for (vendor, _key), name in new.items():
            self._learn_owner(name, vendor)

    def _learn_owner(self, name: str, vendor: int) -> None:
        """Keep whose product a name is; two companies with one such name are no answer."""
        key = name_key(name)
        self.owners[key] = vendor if self.owners.get(key, vendor) == vendor else None


def add_websites(sites: Iterable[tuple[int, str]]) -> None:
    """Fill in the addresses of companies that have none, where a sheet gives a whole one."""
    check = URLValidator(schemes=["http", "https"])
    for vendor, address in sites:
        try:
            check(address)
        except ValidationError:
            continue
        if len(address) <= LONGEST:
            Vendor.objects.filter(pk=vendor, website="").update(website=address)


def _free_slugs(rows, names: Iterable[str]) -> list[str]:  # type: ignore[no-untyped-def]
    """Return a slug for each name that no row has: the name, or the name with a mark of its own."""
    bases = [slugify(name)[:SLUG_LENGTH].rstrip("-") for name in names]
    taken = set(rows.filter(slug__in=bases).values_list("slug", flat=True))
    slugs = []
    for base, name in zip(bases, names, strict=True):
        mark = hashlib.sha256(name.encode()).hexdigest()[:8]
        slug = base if base and base not in taken else f"{base or 'company'}-{mark}"
        taken.add(slug)
        slugs.append(slug)
    return slugs
