"""Companies whose products are used in class."""

from districts.models import Basis

from .shapes import FULL_PROMISES, Choice, Company, Data, Edition, Promises

_NAME = ("student-name", "student-email", "student-grade-level", "student-teachers")
_K_TO_5 = ("KG", "01", "02", "03", "04", "05")
_READING = ("student-reading-level", "student-assignment-grade")

LUMINO_VOICE = Choice(
    category="student-media",
    basis=Basis.CONSENT,
    answer_in=21,
    en=(
        "The app records your child reading out loud. It helps with hard words.",
        "Your child keeps the app. Only the read-aloud part is off. A teacher listens in person.",
        "We count it as no. Nothing is recorded.",
        "No clips have been made yet.",
    ),
    es=(
        "La aplicación graba a su hijo cuando lee en voz alta. Le ayuda con las palabras difíciles.",
        "Su hijo sigue con la aplicación. Solo se apaga la lectura en voz alta. Un maestro lo escucha.",
        "Lo tomamos como un no. No se graba nada.",
        "Todavía no se ha hecho ninguna grabación.",
    ),
)

LUMINO = Company(
    name="Lumino Reading",
    legal_name="Lumino Learning, Inc.",
    summary="A reading practice app for grades K to 5.",
    agency="cedar-valley",
    address="410 Grove Street, Dayton, OH 45402",
    product="Lumino Reading",
    title="Lumino Reading agreement",
    begins=-830,
    ends=580,
    editions=(
        Edition(
            effective=-820,
            data=(
                Data((*_NAME, "student-birth-date"), "sign-in", kept_days=365),
                Data(_READING, "teach-class", kept_days=365, source="use"),
            ),
            summary="Children read short books and answer questions.",
            cost="$16,900 a year",
            signer="Director of Purchasing",
            grades=_K_TO_5,
            promises=FULL_PROMISES,
        ),
        Edition(
            effective=-460,
            data=(
                Data((*_NAME, "student-birth-date"), "sign-in", kept_days=365),
                Data(_READING, "teach-class", kept_days=365, source="use"),
                Data(
                    ("student-time-in-app",), "fix-problems", source="use", recipients=("Northrack Hosting",)
                ),
            ),
            summary="Children read short books and answer questions.",
            cost="$16,900 a year",
            signer="Director of Purchasing",
            grades=_K_TO_5,
            promises=FULL_PROMISES,
            subcontractors=(("Northrack Hosting", "Stores all app data. Cannot use it.", "Virginia, USA"),),
        ),
        Edition(
            effective=14,
            sharing=28,
            data=(
                Data(
                    ("student-voice-recording",),
                    "teach-class",
                    basis=Basis.CONSENT,
                    kept="after_collection",
                    kept_days=30,
                    recipients=("Clearwave Speech",),
                    source="student",
                ),
                Data(_NAME, "sign-in"),
                Data(_READING, "teach-class", source="use"),
                Data(
                    ("student-time-in-app", "student-device-kind"),
                    "fix-problems",
                    source="use",
                    recipients=("Northrack Hosting",),
                ),
            ),
            choices=(LUMINO_VOICE,),
            summary="Children read short books, out loud if you agree, and answer questions.",
            why="Three teachers tried four apps. This one asked for the least data.",
            who_decided="Reading committee, open meeting",
            cost="$18,400 a year",
            signer="Director of Purchasing",
            grades=_K_TO_5,
            promises=FULL_PROMISES,
            subcontractors=(
                ("Clearwave Speech", "Turns speech into text.", "Ohio, USA"),
                ("Northrack Hosting", "Stores all app data. Cannot use it.", "Virginia, USA"),
            ),
        ),
    ),
)

# Every answer there is, so that a visitor sees how each of them looks.
MATHPATH_PROMISES = Promises(
    {
        "no_sale": ("yes", None, "5.1"),
        "no_advertising": ("yes", None, "5.2"),
        "no_profiling": ("no", None, "5.3"),
        "no_ai_training": ("not_stated", None, ""),
        "not_to_colleges": ("yes", None, "5.4"),
        "tells_before_police": ("unclear", None, "10.2"),
        "encryption": ("yes", None, "7.1"),
        "breach_notice": ("yes", 30, "8.2"),
        "deletion": ("yes", 60, "4.2"),
        "liability": ("not_entered", None, ""),
    }
)

MATHPATH = Company(
    name="MathPath",
    legal_name="Pathway Games LLC",
    summary="Math games that follow what the class learns.",
    agency="cedar-valley",
    address="77 Canal Road, Rochester, NY 14608",
    product="MathPath",
    title="MathPath agreement",
    begins=-700,
    ends=320,
    owner=("Brightline Holdings", -90),
    editions=(
        Edition(
            effective=-690,
            data=(
                Data((*_NAME, "student-birth-date"), "sign-in"),
                Data(("student-assignment-grade", "student-skill-level"), "teach-class", source="use"),
            ),
            summary="Math practice at school and at home.",
            cost="$9,200 a year",
            promises=FULL_PROMISES,
        ),
        Edition(
            effective=-20,
            sharing=30,
            data=(
                Data(_NAME, "sign-in"),
                Data(("student-assignment-grade", "student-skill-level"), "teach-class", source="use"),
                Data(("student-time-in-app",), "improve-teaching", basis=Basis.ELECTIVE_OUT, source="use"),
            ),
            choices=(
                Choice(
                    category="student-app-use",
                    basis=Basis.ELECTIVE_OUT,
                    answer_in=24,
                    en=(
                        "The company counts how long your child plays.",
                        "Your child plays the same games. The time is not counted.",
                        "After the last day to answer, the time is counted.",
                        "No time has been counted yet.",
                    ),
                    es=(
                        "La empresa cuenta cuánto tiempo juega su hijo.",
                        "Su hijo juega lo mismo. No se cuenta el tiempo.",
                        "Después del último día para responder, se cuenta el tiempo.",
                        "Todavía no se ha contado el tiempo.",
                    ),
                ),
            ),
            summary="Math practice at school and at home.",
            cost="$9,200 a year",
            promises=MATHPATH_PROMISES,
        ),
    ),
)

PIXELCODER = Company(
    name="PixelCoder",
    legal_name="Pixel Coder Inc.",
    summary="Children learn to write small computer programs.",
    agency="cedar-valley",
    address="12 Harbor Lane, Portland, ME 04101",
    product="PixelCoder",
    title="PixelCoder terms for schools",
    begins=-300,
    ends=430,
    editions=(
        Edition(
            effective=-290,
            sharing=35,
            data=(
                Data(
                    ("student-screen-name", "student-work"),
                    "teach-class",
                    basis=Basis.COPPA_SCHOOL,
                    source="student",
                ),
                Data(("student-social-account",), "show-work", basis=Basis.COPPA_PARENT, source="student"),
            ),
            choices=(
                Choice(
                    category="student-contact",
                    basis=Basis.COPPA_PARENT,
                    answer_in=25,
                    en=(
                        "Your child may show projects to other children online.",
                        "Your child shows projects in class. The grade is the same.",
                        "We count it as no. Projects stay in class.",
                        "The company deletes shared projects in 30 days.",
                    ),
                    es=(
                        "Su hijo puede mostrar sus proyectos a otros niños en línea.",
                        "Su hijo muestra sus proyectos en clase. La nota es la misma.",
                        "Lo tomamos como un no. Los proyectos se quedan en clase.",
                        "La empresa borra los proyectos compartidos en 30 días.",
                    ),
                ),
            ),
            grades=("03", "04", "05", "06", "07", "08"),
            summary="A coding class once a week.",
            cost="No cost",
            promises=Promises({"no_sale": ("yes", None, "3"), "no_advertising": ("unclear", None, "3")}),
            subcontractors=None,
        ),
    ),
)

QUICKQUIZ = Company(
    name="QuickQuiz Live",
    summary="A quiz game some teachers use.",
    agency="cedar-valley",
    title="QuickQuiz Live online terms",
    kind="unknown",
    agreement_kind="click_through",
    begins=None,
    ends=None,
    editions=(
        Edition(
            effective=-120,
            data=(
                Data(
                    ("student-screen-name",),
                    "teach-class",
                    source="not_filled_in",
                    kept="not_stated",
                    kept_days=None,
                ),
            ),
            subcontractors=None,
        ),
    ),
)

COMPANIES = (LUMINO, MATHPATH, PIXELCODER, QUICKQUIZ)
