"""The 18 identifiers of the Safe Harbor rule, as pages and documents name them.

The engine has the same codes, without words.
"""

from __future__ import annotations

# Letters of 45 CFR 164.514(b)(2)(i), in the order of the law.
CATEGORIES: dict[str, tuple[str, str]] = {
    "NAME": ("A", "Names"),
    "LOCATION": ("B", "Geographic subdivisions smaller than a state"),
    "DATE_AGE": ("C", "Dates except the year, and ages over 89"),
    "PHONE": ("D", "Telephone numbers"),
    "FAX": ("E", "Fax numbers"),
    "EMAIL": ("F", "E-mail addresses"),
    "SSN": ("G", "Social security numbers"),
    "MRN": ("H", "Medical record numbers"),
    "HEALTH_PLAN": ("I", "Health plan beneficiary numbers"),
    "ACCOUNT": ("J", "Account numbers"),
    "LICENSE": ("K", "Certificate and licence numbers"),
    "VEHICLE": ("L", "Vehicle identifiers and licence plates"),
    "DEVICE": ("M", "Device identifiers and serial numbers"),
    "URL": ("N", "Web addresses"),
    "IP": ("O", "IP addresses"),
    "BIOMETRIC": ("P", "Biometric identifiers"),
    "PHOTO": ("Q", "Full-face photographs"),
    "OTHER_ID": ("R", "Other unique identifying numbers, characteristics or codes"),
}


def label(code: str) -> str:
    return CATEGORIES[code][1] if code in CATEGORIES else code
