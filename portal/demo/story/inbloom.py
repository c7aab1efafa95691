"""inBloom, 2011 to 2014, from public sources. What is not known stays a gap.

The list of data is what the store's published data model could hold for people (384 data points);
the contract's own list is not known here, and the page says so.
"""

import datetime as dt

STANDING_NOTE = "Reconstruction: what the store could hold; the contract's own list is not known here"

SUMMARY = (
    "inBloom was a store for student data. In 2013 nine states had signed up to it. "
    "The company said that no Illinois district had sent data when it closed."
)

VENDORS = {
    "inbloom": {
        "name": "inBloom",
        "legal_name": "inBloom, Inc.",
        "kind": "non_profit",
        "summary": "A store for student data that states could use, from 2013 to 2014.",
        "owners_note": "Non-profit. No owner.",
    },
    "wireless-generation": {
        "name": "Wireless Generation",
        "legal_name": "",
        "kind": "for_profit",
        "summary": "Built the software of the store.",
        "owners_note": "",
    },
    "news-corp": {
        "name": "News Corp",
        "legal_name": "News Corporation",
        "kind": "for_profit",
        "summary": "A media company. It bought 90 percent of Wireless Generation in 2010.",
        "owners_note": "",
    },
}

OWNERSHIP_SOURCE = "https://www.thewrap.com/rupe-gets-schooled-news-corp-buys-wireless-generation-360m-22776/"
OWNERSHIP_SINCE = dt.date(2010, 11, 22)

MODEL_SOURCE = "https://github.com/inbloom/secure-data-service"
BUILDER_SOURCE = "http://dianeravitch.net/2014/04/21/inbloom-closes-down-due-to-parental-objections-to-data-mining-of-students/"

# What happened, the day (None: not known here), and where it can be read.
EVENTS = [
    (
        "proposed",
        None,
        "A non-profit with no owner. It was founded in 2011 as the Shared Learning Collaborative. "
        "Two foundations paid 100 million dollars.",
        "https://associationsnow.com/2014/04/inbloom-lessons-education-nonprofits-demise/",
    ),
    (
        "proposed",
        None,
        "Wireless Generation built the software. News Corp owned Wireless Generation at the time.",
        BUILDER_SOURCE,
    ),
    (
        "proposed",
        None,
        "The software is public. Its data model could hold 384 data points "
        "about students, families and staff.",
        MODEL_SOURCE,
    ),
    (
        "executed",
        None,
        "Illinois was one of nine states that had signed up. The day of signing is not known here.",
        "https://sites.google.com/site/schoolbelongstothechildren/what-is-inbloom",
    ),
    (
        "ended",
        dt.date(2014, 4, 21),
        "inBloom said that it would close. No Illinois district had sent data, the company said.",
        "https://www.yahoo.com/news/gates-funded-student-data-group-shut-down-184936173.html",
    ),
]
