"""A small catalogue of one's own in a folder, that a test can edit."""

from pathlib import Path

CATEGORIES = [
    "code,position,label_en,label_es,definition_en,definition_es",
    "contact,10,Contact,Contacto,How to reach someone.,Cómo contactar.",
    "health,20,Health,Salud,About the body.,Sobre el cuerpo.",
]
PURPOSES = [
    "code,position,label_en,label_es,explanation_en,explanation_es",
    "teach-class,10,Teach a class,Dar clase,Teachers use it.,Los maestros lo usan.",
]
ELEMENTS = (
    "code,subject,sensitivity,sensitive_kind,label_en,definition_en,sensitivity_reason_en,usual_source_en,"
    "label_es,definition_es,sensitivity_reason_es,usual_source_es,same_meaning_as"
)
EMAIL = (
    "email,student,medium,,Email,Where mail goes.,Strangers can write.,"
    "The family.,Correo,A dónde llega.,Escriben.,La familia.,"
)
PHONE = (
    "phone,student,medium,,Phone,A number.,Strangers can call.,"
    "The family.,Teléfono,Un número.,Llaman.,La familia.,"
)
ALLERGY = (
    "allergy,student,high,health,Allergy,What makes ill.,Bullies use it.,"
    "The nurse.,Alergia,Lo que enferma.,Lo usan.,Salud.,"
)
CROSSWALK = [
    "scheme,identifier,element",
    "inbloom,inbloom:student.mail,email",
    "inbloom,inbloom:student.mailKind,email",
    "ndpa,ndpa.1,phone",
]
PROHIBITIONS = [
    "element,law_profile,citation,note_en,note_es",
    "allergy,us-ut,Utah Code 1,The law says no.,La ley dice que no.",
]


class Folder:
    """A small catalogue in a folder of the test, that can be edited."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "elements").mkdir()
        self.write("categories.csv", CATEGORIES)
        self.write("purposes.csv", PURPOSES)
        self.write("elements/contact.csv", [ELEMENTS, EMAIL, PHONE])
        self.write("elements/health.csv", [ELEMENTS, ALLERGY])
        self.write("crosswalk.csv", CROSSWALK)
        self.write("prohibitions.csv", PROHIBITIONS)

    def write(self, name: str, lines: list[str]) -> None:
        (self.path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text
        (self.path / name).write_text(text.replace(old, new), encoding="utf-8")
