"""Companies and offices that run things around the class: buses, meals, photos, records, health."""

from districts.models import Basis

from .shapes import FULL_PROMISES, Choice, Company, Data, Edition, Promises

RIDEALERT = Company(
    name="RideAlert",
    legal_name="RideAlert Transit Software, Inc.",
    summary="Tells families when the school bus is near.",
    agency="cedar-valley",
    address="900 Depot Street, Joliet, IL 60432",
    product="RideAlert",
    title="RideAlert bus agreement",
    begins=-8,
    ends=360,
    editions=(
        Edition(
            effective=-5,
            sharing=30,
            data=(
                Data(("student-bus", "student-way-home"), "run-buses"),
                Data(
                    ("student-bus-stop", "student-bus-scans"),
                    "run-buses",
                    basis=Basis.ELECTIVE_IN,
                    kept="school_year",
                    kept_days=None,
                    recipients=("School bus office",),
                    source="use",
                ),
            ),
            choices=(
                Choice(
                    category="student-travel",
                    basis=Basis.ELECTIVE_IN,
                    answer_in=22,
                    en=(
                        "You get a text when the bus is near. The app logs where your child gets on and off.",
                        "Your child still rides the bus. You get no texts.",
                        "We count it as no. Nothing is sent.",
                        "Nothing has been sent yet.",
                    ),
                    es=(
                        "Recibe un mensaje cuando el autobús está cerca. Se anota dónde sube y baja su hijo.",
                        "Su hijo sigue usando el autobús. Usted no recibe mensajes.",
                        "Lo tomamos como un no. No se envía nada.",
                        "Todavía no se ha enviado nada.",
                    ),
                ),
            ),
            summary="Families can see when the bus will come.",
            why="It was the only company that keeps no map of past rides.",
            who_decided="School board, Item 7",
            cost="$22,000 a year",
            signer="Transportation Director",
            promises=FULL_PROMISES,
        ),
    ),
)

PICTUREDAY = Company(
    name="PictureDay",
    legal_name="Picture Day Studios LLC",
    summary="Takes the school photos.",
    agency="cedar-valley",
    address="5 Main Street, Ottawa, IL 61350",
    product="PictureDay",
    title="School photo agreement",
    begins=-460,
    ends=270,
    editions=(
        Edition(
            effective=-450,
            sharing=26,
            data=(
                Data(
                    ("student-photo", "student-class-photos"),
                    "school-photos",
                    basis=Basis.DIRECTORY,
                    kept_days=180,
                    source="use",
                ),
            ),
            choices=(
                Choice(
                    category="student-media",
                    basis=Basis.DIRECTORY,
                    answer_in=20,
                    en=(
                        "Your child is in the school photo and the yearbook.",
                        "Your child helps set up the room that day. No photo is taken.",
                        "After the last day to answer, your child may be in the photo.",
                        "Printed yearbooks can not be called back. The company deletes its files.",
                    ),
                    es=(
                        "Su hijo sale en la foto escolar y en el anuario.",
                        "Ese día su hijo ayuda a preparar la sala. No se le toma foto.",
                        "Después del último día para responder, su hijo puede salir en la foto.",
                        "Los anuarios ya impresos no se pueden recoger. La empresa borra sus archivos.",
                    ),
                ),
            ),
            summary="One photo day a year, and the yearbook.",
            cost="No cost. Families may buy prints.",
            signer="Principal",
            promises=Promises({"no_sale": ("unclear", None, "6"), "deletion": ("yes", 180, "9")}),
        ),
    ),
)

TRAYTRACK = Company(
    name="TrayTrack",
    legal_name="TrayTrack Meals Corp.",
    summary="Runs the lunch line and meal accounts.",
    agency="cedar-valley",
    address="610 Market Street, Peoria, IL 61602",
    product="TrayTrack",
    title="Meal account agreement",
    begins=-900,
    ends=200,
    in_use_before_this_site=True,
    editions=(
        Edition(
            effective=-890,
            data=(
                Data(("student-name", "student-local-id", "student-meal-pin"), "serve-meals"),
                Data(("student-meal-eligibility", "student-lunch-balance"), "serve-meals"),
            ),
            summary="Children pay for lunch with a number.",
            cost="$31,000 a year",
            promises=FULL_PROMISES,
        ),
    ),
)

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

SCANPASS = Company(
    name="ScanPass",
    legal_name="ScanPass Identity, Inc.",
    summary="Would let students pay for lunch with a finger scan.",
    agency="cedar-valley",
    address="18 Technology Way, Naperville, IL 60563",
    product="ScanPass",
    title="Finger scan at lunch (proposed)",
    state="proposed",
    begins=None,
    ends=None,
    editions=(
        Edition(
            effective=120,
            sharing=150,
            data=(
                Data(
                    ("student-fingerprint",),
                    "serve-meals",
                    basis=Basis.STATE_OPTIONAL,
                    kept="school_year",
                    kept_days=None,
                ),
            ),
            choices=(
                Choice(
                    category="student-media",
                    basis=Basis.STATE_OPTIONAL,
                    answer_in=100,
                    en=(
                        "Your child pays with a finger scan.",
                        "Your child pays with a card, in the same line.",
                        "We count it as no.",
                        "Nothing has been scanned.",
                    ),
                    es=(
                        "Su hijo paga con la huella del dedo.",
                        "Su hijo paga con una tarjeta, en la misma fila.",
                        "Lo tomamos como un no.",
                        "No se ha tomado ninguna huella.",
                    ),
                ),
            ),
            summary="The board has not decided. No finger is scanned today.",
            cost="$40,000 a year",
            promises=Promises({"no_sale": ("yes", None, "4")}),
        ),
    ),
)

STOPLIGHT = Company(
    name="Stoplight Buses",
    legal_name="Stoplight Bus Routing LLC",
    summary="Planned the bus routes before RideAlert.",
    agency="cedar-valley",
    address="14 Mill Lane, Elgin, IL 60120",
    product="Stoplight",
    title="Bus routing agreement",
    begins=-760,
    ends=-30,
    editions=(
        Edition(
            effective=-750,
            data=(Data(("student-home-address", "student-bus"), "run-buses"),),
            summary="Planned which child rides which bus.",
            cost="$15,000 a year",
            promises=FULL_PROMISES,
        ),
    ),
)

COMPANIES = (
    RIDEALERT,
    PICTUREDAY,
    TRAYTRACK,
    GRADEBRIDGE,
    CAREDESK,
    COLLEGEMAP,
    RECORDSRELAY,
    SCANPASS,
    STOPLIGHT,
)
