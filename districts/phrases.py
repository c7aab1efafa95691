"""The words that sentences of the register are made of, in English and Spanish. Pure; only tables.

They are written here, and not in the catalogue of translations, because a sentence is stored in all its
languages on the day of the change and must read the same for good.
"""

#: The languages in which every change is told.
LANGUAGES = ("en", "es")

#: A sentence is never longer: it must fit a feed, a list and the subject of a letter.
LONGEST = 140

CHANGE = {
    "agreement_new": {
        "en": "{agency} has a new agreement with {vendor}.",
        "es": "{agency} tiene un acuerdo nuevo con {vendor}.",
    },
    "category_added": {
        "en": "{vendor} may get data of the group “{category}”.",
        "es": "{vendor} puede recibir datos del grupo «{category}».",
    },
    "category_ended": {
        "en": "{vendor} may no longer get data of the group “{category}”.",
        "es": "{vendor} ya no puede recibir datos del grupo «{category}».",
    },
    "element_added": {
        "en": "{vendor} may get “{element}”.",
        "es": "{vendor} puede recibir «{element}».",
    },
    "element_ended": {
        "en": "{vendor} may no longer get “{element}”.",
        "es": "{vendor} ya no puede recibir «{element}».",
    },
    "purpose_added": {
        "en": "{vendor} may use “{element}” for one more reason: {purpose}.",
        "es": "{vendor} puede usar «{element}» por un motivo más: {purpose}.",
    },
    "purpose_ended": {
        "en": "{vendor} may no longer use “{element}” for this reason: {purpose}.",
        "es": "{vendor} ya no puede usar «{element}» por este motivo: {purpose}.",
    },
    "purpose_changed": {
        "en": "{vendor} may use “{element}” for “{purpose}” in place of “{purpose_before}”.",
        "es": "{vendor} puede usar «{element}» para «{purpose}» en lugar de «{purpose_before}».",
    },
    "basis_to_opt_in": {
        "en": "{vendor} may get “{element}” only if the family says yes.",
        "es": "{vendor} puede recibir «{element}» solo si la familia dice que sí.",
    },
    "basis_to_opt_out": {
        "en": "{vendor} may get “{element}” unless the family says no.",
        "es": "{vendor} puede recibir «{element}» si la familia no dice que no.",
    },
    "basis_to_inform": {
        "en": "{vendor} may get “{element}” without a yes or no from the family.",
        "es": "{vendor} puede recibir «{element}» sin un sí o un no de la familia.",
    },
    "basis_ended": {
        "en": "{vendor} may get “{element}” on fewer legal grounds than before.",
        "es": "{vendor} puede recibir «{element}» con menos bases legales que antes.",
    },
    "recipient_added": {
        "en": "{name} may see “{element}” through {vendor}.",
        "es": "{name} puede ver «{element}» por medio de {vendor}.",
    },
    "recipient_ended": {
        "en": "{name} may no longer see “{element}” through {vendor}.",
        "es": "{name} ya no puede ver «{element}» por medio de {vendor}.",
    },
    "subcontractor_added": {
        "en": "{vendor} may pass data to {name}.",
        "es": "{vendor} puede pasar datos a {name}.",
    },
    "subcontractor_ended": {
        "en": "{vendor} may no longer pass data to {name}.",
        "es": "{vendor} ya no puede pasar datos a {name}.",
    },
    "retention_changed": {
        "en": "{vendor} may keep “{element}” {kept}.",
        "es": "{vendor} puede guardar «{element}» {kept}.",
    },
    "source_changed": {
        "en": "{vendor} may get “{element}” from here: {source}.",
        "es": "{vendor} puede recibir «{element}» de aquí: {source}.",
    },
    "promise_changed": {
        "en": "The agreement with {vendor} {answer}: {promise}.",
        "es": "El acuerdo con {vendor} {answer}: {promise}.",
    },
    "scope_widened": {
        "en": "The agreement with {vendor} covers more children: {side} {covers}.",
        "es": "El acuerdo con {vendor} incluye a más niños: {side} {covers}.",
    },
    "scope_narrowed": {
        "en": "The agreement with {vendor} covers fewer children: {side} {covers}.",
        "es": "El acuerdo con {vendor} incluye a menos niños: {side} {covers}.",
    },
}

EVENT = {
    "already_in_use": {
        "en": "{vendor} already has an agreement with {agency}.",
        "es": "{vendor} ya tiene un acuerdo con {agency}.",
    },
    "category_in_use": {
        "en": "{vendor} may already get data of the group “{category}”.",
        "es": "{vendor} ya puede recibir datos del grupo «{category}».",
    },
    "joined": {
        "en": "{district} joins the agreement of {agency} with {vendor}.",
        "es": "{district} se suma al acuerdo de {agency} con {vendor}.",
    },
    "required": {
        "en": "{district} must take part in the agreement of {agency} with {vendor}.",
        "es": "{district} tiene que participar en el acuerdo de {agency} con {vendor}.",
    },
    "left": {
        "en": "{district} leaves the agreement with {vendor} on {day}.",
        "es": "{district} deja el acuerdo con {vendor} el {day}.",
    },
    "ended": {
        "en": "The agreement of {agency} with {vendor} ends early, on {day}.",
        "es": "El acuerdo de {agency} con {vendor} termina antes, el {day}.",
    },
    "declined": {
        "en": "{agency} did not approve {vendor}, on {day}.",
        "es": "{agency} no aprobó a {vendor}, el {day}.",
    },
    "expired": {
        "en": "The agreement of {agency} with {vendor} ran out on {day}.",
        "es": "El acuerdo de {agency} con {vendor} venció el {day}.",
    },
    "extended": {
        "en": "The agreement of {agency} with {vendor} now runs until {day}.",
        "es": "El acuerdo de {agency} con {vendor} ahora dura hasta el {day}.",
    },
    "extended_open": {
        "en": "The agreement of {agency} with {vendor} runs on with no last day.",
        "es": "El acuerdo de {agency} con {vendor} sigue sin fecha final.",
    },
    "owner_changed": {
        "en": "{owner} is the new owner of {vendor}.",
        "es": "{owner} es el nuevo dueño de {vendor}.",
    },
    "incident": {
        "en": "{agency} reports a data breach at {vendor}.",
        "es": "{agency} informa de una fuga de datos en {vendor}.",
    },
}

#: What stands before every sentence about an agreement that is not in use, by its standing.
NOT_IN_USE = {
    "proposed": {"en": "Proposed: {sentence}", "es": "Propuesta: {sentence}"},
    "history": {"en": "History: {sentence}", "es": "Historia: {sentence}"},
}

KEPT = {
    "not_filled_in": {"en": "for a time not filled in yet", "es": "por un tiempo sin indicar todavía"},
    "not_stated": {
        "en": "for a time the agreement does not say",
        "es": "por un tiempo que el acuerdo no dice",
    },
    "date": {"en": "until {day}", "es": "hasta el {day}"},
    "after_agreement": {
        "en": "for {days} days after the agreement ends",
        "es": "por {days} días después de terminar el acuerdo",
    },
    "after_leaving": {
        "en": "for {days} days after the student leaves",
        "es": "por {days} días después de que el estudiante se va",
    },
    "after_collection": {
        "en": "for {days} days after it is collected",
        "es": "por {days} días después de recogerlos",
    },
    "school_year": {"en": "until the school year ends", "es": "hasta el fin del año escolar"},
}

SOURCE = {
    "school_record": {"en": "school records", "es": "archivos de la escuela"},
    "student": {"en": "the student", "es": "el estudiante"},
    "family": {"en": "the family", "es": "la familia"},
    "use": {"en": "use of the product", "es": "uso del producto"},
    "other_company": {"en": "another company", "es": "otra empresa"},
    "not_filled_in": {"en": "not filled in yet", "es": "sin indicar todavía"},
}

ANSWER = {
    "yes": {"en": "promises", "es": "promete"},
    "no": {"en": "does not promise", "es": "no promete"},
    "unclear": {"en": "is not clear on", "es": "no es claro sobre"},
    "not_stated": {"en": "does not speak of", "es": "no habla de"},
    "not_entered": {"en": "has nothing filled in yet on", "es": "no tiene todavía nada sobre"},
}

PROMISE = {
    "no_sale": {"en": "no sale of data", "es": "no vender datos"},
    "no_advertising": {"en": "no ads from the data", "es": "no usar datos para anuncios"},
    "no_profiling": {"en": "no profiles of children", "es": "no crear perfiles de niños"},
    "no_ai_training": {"en": "no training of AI with the data", "es": "no entrenar IA con los datos"},
    "not_to_colleges": {"en": "no data for colleges", "es": "no dar datos a universidades"},
    "not_to_employers": {"en": "no data for employers", "es": "no dar datos a empleadores"},
    "not_to_insurers": {"en": "no data for insurers", "es": "no dar datos a aseguradoras"},
    "tells_before_police": {
        "en": "a word to the district before police get data",
        "es": "avisar al distrito antes de dar datos a la policía",
    },
    "tells_before_immigration": {
        "en": "a word to the district before immigration officers get data",
        "es": "avisar al distrito antes de dar datos a migración",
    },
    "encryption": {"en": "data locked by encryption", "es": "datos protegidos con cifrado"},
    "breach_notice": {"en": "a word to the district after a breach", "es": "avisar de una fuga de datos"},
    "deletion": {"en": "deletion at the end", "es": "borrar los datos al final"},
    "liability": {"en": "payment for harm", "es": "pagar por los daños"},
}

WITHIN = {"en": " within {days} days", "es": " en {days} días"}

SIDE = {
    "schools": {"en": "schools", "es": "escuelas"},
    "grades": {"en": "grades", "es": "grados"},
    "programs": {"en": "programs", "es": "programas"},
}

ALL = {"en": "all", "es": "todos"}

MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}

DAY = {"en": "{month} {day}, {year}", "es": "{day} {month} {year}"}
