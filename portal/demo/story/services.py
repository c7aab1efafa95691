"""Companies that run things around the class: buses, meals, photos."""

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
                        "Printed yearbooks cannot be called back. The company deletes its files.",
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
        Edition(
            effective=21,
            sharing=45,
            data=(
                Data(("student-name", "student-local-id", "student-meal-pin"), "serve-meals"),
                Data(("student-meal-eligibility", "student-lunch-balance"), "serve-meals"),
                Data(
                    ("student-photo",),
                    "serve-meals",
                    basis=Basis.ELECTIVE_OUT,
                    kept="school_year",
                    kept_days=None,
                ),
            ),
            choices=(
                Choice(
                    category="student-media",
                    basis=Basis.ELECTIVE_OUT,
                    answer_in=35,
                    en=(
                        "The lunch line shows your child's school photo, so no one else can use the number.",
                        "Your child says a name in the same line. Lunch is the same.",
                        "After the last day to answer, the photo is shown.",
                        "No photo has been sent yet.",
                    ),
                    es=(
                        "En la fila se ve la foto escolar de su hijo. Así nadie más usa su número.",
                        "Su hijo dice su nombre en la misma fila. El almuerzo es igual.",
                        "Después del último día para responder, se muestra la foto.",
                        "Todavía no se ha enviado ninguna foto.",
                    ),
                ),
            ),
            summary="Children pay for lunch with a number. The screen shows a photo.",
            cost="$31,000 a year",
            promises=FULL_PROMISES,
            left_as_draft=True,
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

COMPANIES = (RIDEALERT, PICTUREDAY, TRAYTRACK, SCANPASS, STOPLIGHT)
