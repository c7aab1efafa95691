"""State agreements: one that a district joined, one a state requires, and a Connecticut exception."""

from districts.models import Basis

from .shapes import FULL_PROMISES, Choice, Company, Data, Edition

STATEASSESS = Company(
    name="StateAssess",
    legal_name="State Assessment Partners, Inc.",
    kind="non_profit",
    summary="Gives the yearly state tests.",
    agency="illinois",
    address="55 Capitol Avenue, Springfield, IL 62701",
    product="StateAssess",
    title="State test agreement",
    agreement_kind="general_offer",
    begins=-500,
    ends=600,
    joined_by=("cedar-valley",),
    editions=(
        Edition(
            effective=-490,
            data=(
                Data(
                    ("student-name", "student-state-id", "student-grade-level"),
                    "give-tests",
                    basis=Basis.REQUIRED_BY_LAW,
                ),
                Data(("student-test-score", "student-test-help"), "report-state", basis=Basis.AUDIT),
            ),
            summary="Students take state tests on school computers.",
            cost="Paid by the state",
            promises=FULL_PROMISES,
        ),
    ),
)

BRIGHTSTEP = Company(
    name="BrightStep Speech",
    legal_name="BrightStep Speech LLC",
    summary="A speech tool for some children with a special education plan.",
    agency="millbrook",
    address="40 Elm Street, New Haven, CT 06510",
    product="BrightStep",
    title="Speech tool by agreement with parents",
    begins=-40,
    ends=320,
    editions=(
        Edition(
            effective=-30,
            sharing=30,
            data=(
                Data(
                    ("student-voice-recording",),
                    "help-disabilities",
                    basis=Basis.CT_IEP_EXCEPTION,
                    source="student",
                ),
            ),
            choices=(
                Choice(
                    category="student-media",
                    basis=Basis.CT_IEP_EXCEPTION,
                    answer_in=25,
                    en=(
                        "Your child uses the speech tool at school.",
                        "A speech teacher works with your child in person for the same time.",
                        "We count it as no. The tool is not used.",
                        "The company deletes clips in 60 days.",
                    ),
                    es=(
                        "Su hijo usa la herramienta de habla en la escuela.",
                        "Un maestro del habla trabaja con su hijo en persona el mismo tiempo.",
                        "Lo tomamos como un no. No se usa la herramienta.",
                        "La empresa borra las grabaciones en 60 días.",
                    ),
                ),
            ),
            programs=("speech",),
            summary="Used only where a child's plan asks for it.",
            cost="$900 a year",
            promises=FULL_PROMISES,
        ),
    ),
)

BOOKNEST = Company(
    name="BookNest",
    legal_name="BookNest Library Systems, Inc.",
    summary="Runs the school libraries.",
    agency="connecticut",
    address="8 Library Lane, Hartford, CT 06103",
    product="BookNest",
    title="State library system",
    agreement_kind="general_offer",
    begins=-420,
    ends=500,
    required_of=("millbrook",),
    editions=(
        Edition(
            effective=-410,
            data=(Data(("student-name", "student-library-card", "student-library-loans"), "run-library"),),
            summary="Children borrow books with a card.",
            cost="Paid by the state",
            promises=FULL_PROMISES,
        ),
    ),
)

COMPANIES = (STATEASSESS, BRIGHTSTEP, BOOKNEST)
