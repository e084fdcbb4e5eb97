"""Staff of the invented hospital: (name, credential, specialty)."""

from __future__ import annotations

PHYSICIANS: tuple[tuple[str, str, str], ...] = (
    ("Priya Raman", "MD", "internal medicine"),
    ("Tobias Ekdahl", "MD", "internal medicine"),
    ("Ifeoma Balogun", "MD", "cardiology"),
    ("Rafael Alvarado", "MD", "cardiology"),
    ("Miriam Feldstein", "MD", "pulmonology"),
    ("Kenji Morikawa", "DO", "endocrinology"),
    ("Sandeep Grewal", "MD", "nephrology"),
    ("Charlotte Penhale", "MD", "orthopedics"),
    ("Dariusz Nowacki", "MD", "general surgery"),
    ("Lorraine Thibodeaux", "MD", "general surgery"),
    ("Ayodele Martins", "MD", "neurology"),
    ("Hana Suleiman", "MD", "oncology"),
    ("Gareth Llewellyn", "MD", "gastroenterology"),
    ("Beatriz Camargo", "MD", "rheumatology"),
    ("Phuong Lam", "MD", "psychiatry"),
    ("Noelle Kirschner", "MD", "emergency medicine"),
    ("Marcus Oyelaran", "MD", "emergency medicine"),
    ("Yelena Baranova", "MD", "radiology"),
    ("Colin Abernethy", "MD", "radiology"),
    ("Ingrid Solberg", "MD", "pathology"),
    ("Vikram Desikan", "MD", "pathology"),
    ("Teresa Manzanares", "MD", "urology"),
)
NURSES = (
    ("Denise Kowalczyk", "RN"),
    ("Amara Toure", "RN"),
    ("Joselito Macaraeg", "RN"),
    ("Shanice Broadnax", "RN"),
    ("Kirsten Halvorsen", "RN"),
)
THERAPISTS = (("Owen Tregarth", "PT"), ("Nadia Farouk", "PT"), ("Elise Vandenberg", "DPT"))
SOCIAL_WORKERS = (("Renata Oliveira", "LCSW"), ("Tamsin Goodacre", "LCSW"))
PHARMACISTS = (("Hyun-woo Bae", "PharmD"), ("Cecily Marchetti", "PharmD"))
