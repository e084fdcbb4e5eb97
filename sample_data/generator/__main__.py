"""`python -m sample_data.generator --seed 20261125 --out sample_data/`."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from .corpus import write_corpus


def main() -> None:
    """Write the corpus and print what it holds."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.generator", description=__doc__)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for notes.csv and gold.jsonl"
    )
    arguments = parser.parse_args()
    notes = write_corpus(arguments.seed, arguments.out)
    patients = len({note.patient.key for note in notes})
    characters = sum(len(note.rendered.text) for note in notes)
    print(f"{len(notes)} notes of {patients} patients, {characters} characters")
    for kind, count in Counter(note.note_type for note in notes).most_common():
        print(f"  {count:4d}  {kind}")
    labels = Counter(mark.tag for note in notes for mark in note.rendered.spans)
    for label, count in labels.most_common():
        print(f"  {count:5d}  {label}")


if __name__ == "__main__":
    main()
