"""Compares the exact words of a version's public copy with those of the version before it."""

from dataclasses import dataclass, field

from .models import AgreementDocument, AgreementVersion
from .papers import public_text
from .wording import Block, compare, folded, paragraphs


@dataclass(frozen=True)
class Comparison:
    """Two versions' papers side by side. `missing` are the versions without words to compare."""

    before: AgreementVersion
    after: AgreementVersion
    missing: list[AgreementVersion] = field(default_factory=list)
    before_paper: AgreementDocument | None = None
    after_paper: AgreementDocument | None = None
    runs: list[tuple[bool, list[Block]]] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """Return how many paragraphs differ."""
        return sum(len(blocks) for is_same, blocks in self.runs if not is_same)


def compare_papers(version: AgreementVersion) -> Comparison | None:
    """Return what differs between this version's paper and the one before's; None for a first version.

    Of several papers of a version the newest that stands and has words counts. Four queries, two files.
    """
    earlier = AgreementVersion.objects.published().filter(
        agreement=version.agreement_id, number__lt=version.number
    )
    before = earlier.order_by("-number").first()
    if before is None:
        return None
    old, new = _words(before), _words(version)
    missing = [each for each, found in ((before, old), (version, new)) if found is None]
    if old is None or new is None:
        return Comparison(before, version, missing)
    blocks = compare(paragraphs(old[1]), paragraphs(new[1]))
    return Comparison(before, version, [], old[0], new[0], list(folded(blocks)))


def _words(version: AgreementVersion) -> tuple[AgreementDocument, str] | None:
    papers = version.documents.filter(withdrawal=None, texts__isnull=False).order_by("-recorded_at", "-pk")
    paper = papers.first()
    found = public_text(paper) if paper else None
    return (paper, found[1]) if paper and found else None
