"""What somebody asked for and the district did not approve."""

from .shapes import Company, Data, Edition, Promises

FACEGATE = Company(
    name="FaceGate",
    legal_name="FaceGate Entry Systems, Inc.",
    summary="Would open the school door when a camera knows the face.",
    agency="cedar-valley",
    address="300 Tower Road, Austin, TX 78701",
    product="FaceGate",
    title="Cameras at the school doors (asked for)",
    state="proposed",
    begins=None,
    ends=None,
    editions=(
        Edition(
            effective=200,
            data=(Data(("student-name", "student-photo"), "keep-records"),),
            summary="A principal asked for cameras that know each child.",
            why="Doors would open faster in the morning.",
            cost="$64,000 a year",
            promises=Promises({"no_sale": ("unclear", None, "6"), "no_ai_training": ("no", None, "7")}),
            subcontractors=None,
        ),
    ),
)
REASON = "It needs a photo of every child each day. A card opens the door as well."
COMPANIES = (FACEGATE,)
