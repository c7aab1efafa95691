"""What somebody who searches means by their words. Pure: keys in (lower case, no accents), queries out."""

from collections.abc import Iterable

KINDS = ("agency", "school", "vendor", "product", "element", "agreement")
MOST_WORDS = 8

# Words that name a kind of thing, not one of them: "vendor google" asks for the vendor Google. The law says
# operator, contracts say provider, people say app.
KIND_WORDS = {
    "agency": "district districts school schools agency state distrito distritos escolar",
    "school": "school schools escuela escuelas colegio",
    "vendor": "vendor vendors operator operators provider providers company companies supplier firm business"
    " empresa empresas compania operador operadores proveedor proveedores",
    "product": "product products app apps application applications tool tools software program programs"
    " website service services producto productos aplicacion aplicaciones herramienta herramientas programa"
    " programas",
    "element": "data datum element elements information info student students child childs kid dato datos"
    " informacion estudiante estudiantes alumno hijo hija nino",
    "agreement": "agreement agreements contract contracts dpa ndpa terms"
    " acuerdo acuerdos contrato contratos convenio convenios",
}
KIND_WORDS_OF = {kind: frozenset(words.split()) for kind, words in KIND_WORDS.items()}
EVERY_KIND_WORD = frozenset().union(*KIND_WORDS_OF.values())

# Words of a question that say nothing of what is asked for: "who may get my child's birth date?"
EMPTY_WORDS = (
    "a an and are at by can do does for from get gets has have how in is it may my of on or our that the"
    " their this to what when which who why with your"
    " al con cual cuales cuando como de del el en es la las los mi mis para por puede pueden que quien"
    " quienes recibir se su sus tu un una y"
)
SAY_NOTHING = frozenset(EMPTY_WORDS.split())

# What people and papers call a kind of data, beside the catalogue's own words. Each line is one meaning; a
# phrase of it stands for all the others.
MEANINGS = (
    ("ssn", "social security", "seguro social"),
    ("dob", "birthday", "date of birth", "birth date", "fecha de nacimiento", "cumpleanos", "birthdate"),
    ("sex", "gender", "sexo", "genero"),
    ("race", "ethnicity", "ethnic", "raza", "etnia", "etnico"),
    ("gps", "geolocation", "tracking", "live location", "ubicacion", "rastreo"),
    ("picture", "pictures", "photo", "photograph", "foto", "fotos", "fotografia"),
    ("biometric", "biometrics", "face scan", "facial recognition", "fingerprint", "escaneo", "huella"),
    ("voice", "audio", "recording", "voz", "grabacion"),
    ("immunization", "vaccine", "vaccination", "shots", "vacuna", "vacunas"),
    ("medication", "medicine", "medicines", "medicina", "medicinas", "medicamento"),
    ("health", "medical", "salud", "medico", "medica"),
    ("iep", "special education", "disability", "educacion especial", "discapacidad"),
    ("frl", "free lunch", "reduced lunch", "free or low cost meals", "almuerzo gratis", "comidas gratis"),
    ("ell", "esl", "english learner", "learning english", "aprende ingles"),
    ("gpa", "grade average", "promedio"),
    ("marks", "grades", "calificaciones", "notas"),
    ("discipline", "suspension", "expulsion", "school penalty", "incident", "sancion", "incidente"),
    ("absence", "absences", "absent", "attendance", "asistencia", "falta"),
    ("cell", "mobile", "telephone", "phone", "telefono", "celular"),
    ("mail", "e mail", "email", "correo"),
    ("guardian", "mother", "father", "parent", "madre", "padre", "tutor"),
    ("teacher", "employee", "staff", "personal", "maestro", "empleado"),
    ("salary", "wage", "pay and bank", "sueldo", "salario"),
    ("login", "log in", "sign in", "username", "usuario", "entrar"),
    ("homeless", "housing", "foster", "sin hogar", "acogida"),
    ("citizenship", "immigration", "nationality", "ciudadania", "inmigracion", "migratoria"),
    ("siblings", "sibling", "brothers and sisters", "hermanos", "hermano"),
    ("essay", "homework", "school work", "ensayo", "tarea", "tareas"),
    ("ad", "ads", "advertising", "marketing", "anuncios", "publicidad"),
)


def query_for(kind: str, key: str) -> str:
    """Return the tsquery that finds what a key means among things of a kind; empty stands for all of them.

    Every word must be there; the last letters may be missing ("goog" finds "Google"), a plural may be a
    singular. Words that name the kind, and words that say nothing, are left out unless nothing else is there.
    """
    words = key.split()[:MOST_WORDS]
    asked = telling(words) or words
    asked = [word for word in asked if word not in KIND_WORDS_OF[kind]]
    if kind != "element":
        return " & ".join(_prefix(word) for word in asked)
    return " & ".join(_any_of(phrases) for phrases in _meanings(asked))


def beginning_for(kind: str, key: str) -> str:
    """Return what the names begin with that are meant first: the words that say something."""
    words = [word for word in telling(key.split()) if word not in KIND_WORDS_OF[kind]]
    return " ".join(words) or key


def telling(words: Iterable[str]) -> list[str]:
    """Return the words that say something of what is asked for."""
    return [word for word in words if word not in SAY_NOTHING]


def _meanings(words: list[str]) -> list[list[tuple[str, ...]]]:
    """Return for each phrase of the words all phrases that mean the same, the longest first taken."""
    found, at = [], 0
    while at < len(words):
        for length in (3, 2, 1):
            phrase = tuple(words[at : at + length])
            if phrase in _SAME or length == 1:
                found.append([phrase, *(same for same in _SAME.get(phrase, ()) if same != phrase)])
                at += len(phrase)
                break
    return found


def _any_of(phrases: list[tuple[str, ...]]) -> str:
    said = [" & ".join(_prefix(word) for word in phrase) for phrase in phrases]
    return said[0] if len(said) == 1 else "(" + " | ".join(f"({one})" for one in said) + ")"


def _prefix(word: str) -> str:
    """Return a word as it stands in a tsquery; a single letter must be a word of its own."""
    if len(word) == 1:
        return f"'{word}'"
    for ending, letters in (("ies", 6), ("es", 6), ("s", 4)):
        if word.endswith(ending) and len(word) >= letters and not word.endswith("ss"):
            return f"'{word.removesuffix(ending)}':*"
    return f"'{word}':*"


_SAME: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
for _line in MEANINGS:
    _phrases = [tuple(telling(phrase.split())) for phrase in _line]
    for _phrase in _phrases:
        _SAME[_phrase] = _phrases
