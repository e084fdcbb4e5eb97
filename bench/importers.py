"""Memory and speed of the importers on generated files: `make bench-imports`.

Generates a Bulk NDJSON export (patients, practitioners, documents in base64, some as Binary) or an
HL7 v2 file of the asked sizes, reads each in a process of its own, and reports records a second of
processor time and the peak of the resident memory. The text is invented and repeats itself.
"""

from __future__ import annotations

import argparse
import base64
import json
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from deid.importers import Mapping, Record, read_records

_TEXT = (
    "patient seen on rounds with stable vitals and no new complaints lungs clear abdomen soft "
    "continue furosemide 40 mg daily potassium 4.1 plan discharge home with follow up in clinic"
)
_WORDS = _TEXT.split()
_NOTES_A_PATIENT = 8


def note(source: random.Random) -> str:
    """A note of about 3,000 characters."""
    return " ".join(source.choice(_WORDS) for _ in range(500))


def ndjson_lines() -> Iterator[bytes]:
    """Resources without end; each eighth document's content stands in a Binary of its own."""
    source = random.Random(7)
    number = 0
    while True:
        patient = number // _NOTES_A_PATIENT
        if number % _NOTES_A_PATIENT == 0:
            yield _line(_patient(patient))
            yield _line({
                "resourceType": "Practitioner", "id": f"d{patient % 500}",
                "name": [{"family": f"Orlamund{patient % 500}", "given": ["Tamsin"]}],
            })  # fmt: skip
        data = base64.b64encode(note(source).encode()).decode()
        attachment: dict[str, str] = {"contentType": "text/plain; charset=utf-8", "data": data}
        if number % 8 == 7:
            yield _line({
                "resourceType": "Binary", "id": f"b{number}", "contentType": "text/plain",
                "data": data,
            })  # fmt: skip
            attachment = {"contentType": "text/plain", "url": f"Binary/b{number}"}
        yield _line({
            "resourceType": "DocumentReference", "id": f"n{number}", "status": "current",
            "type": {"coding": [{"system": "http://loinc.org", "code": "11506-3"}]},
            "subject": {"reference": f"Patient/p{patient}"},
            "author": [{"reference": f"Practitioner/d{patient % 500}"}],
            "content": [{"attachment": attachment}],
        })  # fmt: skip
        number += 1


def _patient(number: int) -> dict[str, object]:
    return {
        "resourceType": "Patient", "id": f"p{number}", "birthDate": "1961-02-03",
        "name": [{"family": f"Quillby{number}", "given": ["Ardith"]}],
        "identifier": [{"type": {"coding": [{"code": "MR"}]}, "value": f"MR{number:07d}"}],
    }  # fmt: skip


def _line(resource_: dict[str, object]) -> bytes:
    return json.dumps(resource_).encode() + b"\n"


def hl7_messages() -> Iterator[bytes]:
    """MDM^T02 messages without end."""
    source = random.Random(7)
    number = 0
    while True:
        patient = number // _NOTES_A_PATIENT
        text = note(source)
        lines = [
            f"MSH|^~\\&|EHR|SITE|CS|SITE|20240101||MDM^T02^MDM_T02|{number}|P|2.5.1",
            f"PID|1||MR{patient:07d}^^^SITE^MR||Quillby{patient}^Ardith||19610203|F",
            "PV1|1|I|4W^401|||||77^Orlamund^Tamsin",
            f"TXA|1|PR|TX|20240101||||||||N{number}^SITE|||||AU",
            *(f"OBX|{n + 1}|TX|||{text[n * 800 : n * 800 + 800]}" for n in range(4)),
        ]
        yield "\r".join(lines).encode() + b"\r"
        number += 1


MAKERS = {"fhir": ndjson_lines, "hl7": hl7_messages}


def generate(path: Path, kind: str, size: int) -> None:
    """Write whole records until the file has ``size`` bytes."""
    written = 0
    with path.open("wb") as out:
        for record in MAKERS[kind]():
            written += out.write(record)
            if written >= size:
                return


def measure(path: Path, kind: str) -> dict[str, float]:
    """Read a whole file: records, processor seconds and the peak of this process in MB."""
    records, characters = 0, 0
    begun = time.process_time()
    with path.open("rb") as stream:
        for item in read_records(stream, kind, Mapping(text="")):
            if isinstance(item, Record):
                records += 1
                characters += len(item.text)
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"records": records, "characters": characters, "seconds": seconds, "peak_mb": peak}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--kind", choices=MAKERS, nargs="+", default=list(MAKERS))
    parser.add_argument("--folder", type=Path, help="where the files are written, and deleted")
    given = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    print("kind     MB   records  records/CPU s  MB/CPU s  peak MB")
    for kind in given.kind:
        for size in given.mb:
            with tempfile.TemporaryDirectory(dir=given.folder) as folder:
                path = Path(folder) / "generated"
                generate(path, kind, size * 1_000_000)
                with spawn.Pool(1) as pool:  # a process of its own: peaks do not add up
                    got = pool.apply(measure, (path, kind))
            rate, speed = got["records"] / got["seconds"], size / got["seconds"]
            print(
                f"{kind:5} {size:5} {got['records']:9.0f} {rate:14.0f} {speed:9.1f} "
                f"{got['peak_mb']:8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
