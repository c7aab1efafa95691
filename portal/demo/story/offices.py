"""Companies that keep records for the offices: grades, health, college plans, transfers."""

from districts.models import Basis

from .shapes import FULL_PROMISES, Choice, Company, Data, Edition

GRADEBRIDGE = Company(
    name="GradeBridge",
    legal_name="GradeBridge Systems, Inc.",
    summary="Keeps grades, classes and attendance for the schools.",
    agency="cedar-valley",
    address="1400 Lake Avenue, Madison, WI 53703",
    product="GradeBridge",
    title="Student records system",
    begins=-1200,
    ends=240,
    in_use_before_this_site=True,
    editions=(
        Edition(
            effective=-1190,
            data=(
                Data(
                    (
                        "student-name",
                        "student-birth-date",
                        "student-home-address",
                        "student-phone",
                        "student-local-id",
                        "student-state-id",
                        "student-grade-level",
                        "student-schedule",
                        "student-class-grade",
                        "student-daily-attendance",
                        "student-race-ethnicity",
                        "student-home-language",
                    ),
                    "keep-records",
                    kept="after_leaving",
                    kept_days=365,
                ),
                Data(
                    (
                        "guardian-name",
                        "guardian-phone",
                        "guardian-email",
                        "guardian-relation",
                        "guardian-contact-limits",
                    ),
                    "contact-families",
                ),
                Data(("staff-name", "staff-email", "staff-position"), "keep-records"),
            ),
            summary="The system teachers and offices work in every day.",
            cost="$148,000 a year",
            signer="Superintendent",
            promises=FULL_PROMISES,
            subcontractors=(("Northrack Hosting", "Stores the data. Cannot use it.", "Virginia, USA"),),
        ),
    ),
)


CAREDESK = Company(
    name="CareDesk",
    legal_name="CareDesk Health Records Ltd.",
    summary="The school nurses' records.",
    agency="cedar-valley",
    address="28 Clinic Road, Champaign, IL 61820",
    product="CareDesk",
    title="School health records",
    begins=-350,
    ends=380,
    editions=(
        Edition(
            effective=-340,
            data=(
                Data(("student-allergies", "student-medicines", "student-immunizations"), "health-office"),
                Data(
                    ("student-health-data",),
                    "keep-safe",
                    basis=Basis.HEALTH_SAFETY,
                    recipients=("Ambulance crews",),
                ),
            ),
            summary="Nurses see what a child needs in an emergency.",
            cost="$12,500 a year",
            promises=FULL_PROMISES,
        ),
    ),
)


COLLEGEMAP = Company(
    name="CollegeMap",
    legal_name="CollegeMap Guidance, Inc.",
    summary="Helps older students look for colleges and jobs.",
    agency="cedar-valley",
    address="220 Elm Street, Chicago, IL 60610",
    product="CollegeMap",
    title="College planning agreement",
    begins=-200,
    ends=530,
    editions=(
        Edition(
            effective=-190,
            sharing=30,
            data=(
                Data(("student-name", "student-graduation-year"), "college-careers"),
                Data(
                    ("student-career-interests", "student-college-plan"),
                    "college-careers",
                    basis=Basis.STATE_OPTIONAL,
                    recipients=("Colleges the student picks",),
                    source="student",
                ),
            ),
            choices=(
                Choice(
                    category="student-future",
                    basis=Basis.STATE_OPTIONAL,
                    answer_in=23,
                    en=(
                        "Colleges the student picks may see interests and plans.",
                        "The counselor helps with paper forms. Nothing goes to colleges from the app.",
                        "We count it as no. Nothing goes to colleges.",
                        "Colleges keep what was sent before.",
                    ),
                    es=(
                        "Las universidades que elija el estudiante pueden ver sus intereses y planes.",
                        "El consejero ayuda con formularios en papel. Nada va a las universidades.",
                        "Lo tomamos como un no. Nada va a las universidades.",
                        "Las universidades conservan lo que ya se envió.",
                    ),
                ),
            ),
            grades=("11", "12"),
            summary="Students save colleges and plan what to study.",
            cost="$7,800 a year",
            promises=FULL_PROMISES,
        ),
    ),
)


RECORDSRELAY = Company(
    name="RecordsRelay",
    legal_name="RecordsRelay, Inc.",
    summary="Sends records when a student moves, or when a court orders it.",
    agency="cedar-valley",
    address="70 Court Square, Springfield, IL 62701",
    product="RecordsRelay",
    title="Record transfer agreement",
    begins=-600,
    ends=130,
    in_use_before_this_site=True,
    editions=(
        Edition(
            effective=-590,
            data=(
                Data(
                    ("student-report-card", "student-course-history"),
                    "send-records",
                    basis=Basis.TRANSFER,
                    recipients=("The new school",),
                ),
                Data(
                    ("student-daily-attendance",),
                    "send-records",
                    basis=Basis.LAW_ENFORCEMENT,
                    recipients=("The court that ordered it",),
                ),
            ),
            summary="Schools use it to send papers to the next school.",
            cost="$2 a record",
            promises=FULL_PROMISES,
        ),
    ),
)

MINDCHECK = Company(
    name="MindCheck Survey",
    legal_name="Well Schools Research",
    kind="researcher",
    summary="A yearly survey about how students feel at school.",
    agency="cedar-valley",
    address="3 College Square, Urbana, IL 61801",
    title="School climate survey",
    begins=-60,
    ends=300,
    editions=(
        Edition(
            effective=-10,
            sharing=32,
            data=(
                Data(("student-survey-answers",), "research", basis=Basis.PPRA_OPTOUT, source="student"),
                Data(("student-mental-health",), "research", basis=Basis.PPRA_CONSENT, source="student"),
                Data(("student-grade-level",), "research", basis=Basis.STUDIES),
            ),
            choices=(
                Choice(
                    category="student-messages",
                    basis=Basis.PPRA_OPTOUT,
                    answer_in=24,
                    en=(
                        "Your child fills in the survey in class.",
                        "Your child reads a book in the library in that hour.",
                        "After the last day to answer, your child gets the survey.",
                        "No survey has been given yet.",
                    ),
                    es=(
                        "Su hijo llena la encuesta en clase.",
                        "En esa hora su hijo lee un libro en la biblioteca.",
                        "Después del último día para responder, su hijo recibe la encuesta.",
                        "Todavía no se ha hecho la encuesta.",
                    ),
                ),
                Choice(
                    category="student-health",
                    basis=Basis.PPRA_CONSENT,
                    answer_in=24,
                    en=(
                        "Your child also gets the page about mood and worries.",
                        "Your child skips that page. The rest stays the same.",
                        "We count it as no. Your child does not get that page.",
                        "No answers have been sent yet.",
                    ),
                    es=(
                        "Su hijo también recibe la página sobre ánimo y preocupaciones.",
                        "Su hijo se salta esa página. Lo demás queda igual.",
                        "Lo tomamos como un no. Su hijo no recibe esa página.",
                        "Todavía no se ha enviado ninguna respuesta.",
                    ),
                ),
            ),
            grades=("06", "07", "08", "09", "10", "11", "12"),
            summary="Thirty questions, once a year, with no names on the answers.",
            cost="No cost",
            promises=FULL_PROMISES,
        ),
    ),
)

COMPANIES = (GRADEBRIDGE, CAREDESK, COLLEGEMAP, RECORDSRELAY, MINDCHECK)
