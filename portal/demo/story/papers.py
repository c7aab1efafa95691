"""The signed papers of the story, as text: two versions that differ, one with black bars, one taken down."""

from dataclasses import dataclass

BAR = "█" * 30
Lines = tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """A paper of one version: its pages are lists of lines; `taken_down` is the public reason, if it was."""

    company: str
    version: int
    title: str
    pages: tuple[Lines, ...]
    redacted: str = ""
    taken_down: str = ""

    @property
    def words(self) -> str:
        """Return the paper as text, for whoever cannot see that a part is blacked out."""
        lines = (line for page in self.pages for line in page)
        return "\n".join("[This line is blacked out.]" if line == BAR else line for line in lines)


def _lumino(data: Lines, kept: Lines, others: Lines) -> tuple[Lines, ...]:
    """Return the Lumino agreement with the three clauses that its versions say differently."""
    return (
        (
            "STUDENT DATA AGREEMENT",
            "",
            "between Cedar Valley School District and Lumino Learning, Inc.",
            "",
            "1. The service",
            "Lumino Reading is an app in which children of grades K to 5 read short books.",
            "",
            "2. Whose data it is",
            "Student data stays under the control of the district.",
            "The company acts for the school and only for the purpose named here.",
            "",
            "3. What data the company gets",
            *data,
        ),
        (
            "4. How long it is kept",
            *kept,
            "",
            "5. What the company may not do",
            "5.1 It does not sell student data.",
            "5.2 It shows no ads made from student data.",
            "5.3 It builds no profile of a child that the school did not ask for.",
            "5.4 It passes no data to colleges.",
            "",
            "6. Other companies",
            *others,
            "",
            "7. Safety",
            "7.1 Data is encrypted when it is sent and where it is stored.",
        ),
        (
            "8. When data gets out",
            "8.1 The company pays for what the district has to do then.",
            "8.2 The company tells the district within 30 days.",
            "",
            "9. The district may publish this agreement.",
            "",
            "10. When police ask",
            "The company tells the district before it gives data to police, where the law lets it.",
            "",
            "11. Harm",
            "Each side pays for harm as far as the law asks it to.",
            "",
            "Signed for the district: Director of Purchasing",
            "Signed for the company: Chief Executive",
        ),
    )


_BEFORE = _lumino(
    (
        "3.1 Name, school e-mail, grade, teachers and date of birth, to sign in.",
        "3.2 Reading level and answers to questions, to teach.",
    ),
    ("4.1 Data is kept for one year after the agreement ends.", "4.2 Then the company deletes it."),
    ("6.1 Northrack Hosting stores the data. It may not use it.",),
)
_AFTER = _lumino(
    (
        "3.1 Name, school e-mail, grade and teachers, to sign in.",
        "3.2 Reading level and answers to questions, to teach.",
        "3.3 The voice of a child who reads aloud, and only if a parent has said yes.",
    ),
    (
        "4.1 A recording of a voice is deleted 30 days after it was made.",
        "4.2 All other data is deleted within 60 days after the agreement ends.",
    ),
    (
        "6.1 Northrack Hosting stores the data. It may not use it.",
        "6.2 Clearwave Speech turns a recording into text. It keeps no recording.",
    ),
)

PAPERS = (
    Paper("Lumino Reading", 2, "Lumino Reading agreement, second version", _BEFORE),
    Paper("Lumino Reading", 3, "Lumino Reading agreement, third version", _AFTER),
    Paper(
        "RideAlert",
        1,
        "RideAlert bus agreement",
        (
            (
                "BUS INFORMATION AGREEMENT",
                "",
                "1. RideAlert tells families when the bus is near.",
                "2. The company keeps no map of past rides.",
                "3. Data is deleted when the school year ends.",
                "4. How the company protects its own computers:",
                BAR,
                BAR,
                "5. The district pays $22,000 a year.",
            ),
        ),
        redacted="Section 4, how the company protects its own computers. Both sides agreed to that "
        "(105 ILCS 85/27(a)(2)).",
    ),
    Paper(
        "PictureDay",
        1,
        "School photo agreement, as first posted",
        (
            (
                "SCHOOL PHOTO AGREEMENT",
                "",
                "1. One photo day a year.",
                "Sample order: a child of this school.",
            ),
        ),
        taken_down="A child’s name stood on the sample order. The same paper without it stands here, too.",
    ),
    Paper(
        "PictureDay",
        1,
        "School photo agreement",
        (("SCHOOL PHOTO AGREEMENT", "", "1. One photo day a year.", "2. Families may buy prints."),),
    ),
)

#: What the Privacy Officer read in the third version of Lumino's paper: clause -> (answer, where).
READ_IN_LUMINO = {
    "il-categories": ("yes", "3, page 1"),
    "il-product": ("yes", "1, page 1"),
    "il-school-official": ("yes", "2, page 1"),
    "il-breach-costs": ("yes", "8.1, page 3"),
    "il-deletion": ("yes", "4, page 2"),
    "il-publication": ("yes", "9, page 3"),
    "ferpa-redisclosure": ("unclear", ""),
}
