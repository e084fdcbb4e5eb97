"""Common slips of typists; none touches a drug, a dose, a diagnosis or an identifier."""

from __future__ import annotations

SLIPS: dict[str, str] = {
    "received": "recieved",
    "tolerated": "tolerted",
    "which": "wich",
    "improved": "imporved",
    "continue": "contniue",
    "discussed": "dicussed",
    "appointment": "apointment",
    "symptoms": "symtoms",
    "reports": "reprots",
    "patient": "pateint",
    "started": "strated",
    "without": "witout",
    "instructions": "instuctions",
    "breathing": "breating",
    "swelling": "sweling",
    "reviewed": "reveiwed",
    "available": "avaliable",
    "home": "hoem",
    "morning": "mornign",
    "because": "becuase",
}
ABBREVIATIONS: dict[str, str] = {
    "patient": "pt",
    "with": "w/",
    "without": "w/o",
    "history of": "h/o",
    "follow-up": "f/u",
    "shortness of breath": "SOB",
    "treatment": "tx",
    "symptoms": "sx",
}
