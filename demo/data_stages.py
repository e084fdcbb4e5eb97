"""From notes to a dataset: who does what, in the order of the hospital's work."""

from __future__ import annotations

from typing import Any

from demo.chain import Chain, percent
from demo.client import Person
from demo.reviewer import remedy, review_round, sign_off


def run_import(chain: Chain) -> None:
    engineer = chain.cast["engineer"]
    with chain.console.stage("Import") as stage:
        batch = engineer.upload(f"{chain.base}imports/", chain.file, kind="csv")
        path = f"{chain.base}imports/{batch['id']}/"
        mapping = engineer.get(f"{path}preview/")["suggested_mapping"]
        engineer.post(f"{path}start/", mapping)
        chain.follow(stage, engineer, f"{path}progress/")
        batch = engineer.get(path)
        stage.figures = {k: batch[k] for k in ("added", "rejected", "unchanged", "digest")}
        stage.words = f"{batch['added']} notes, encrypted; {batch['rejected']} rejected"


def run_deid(chain: Chain, number: int) -> dict[str, Any]:
    engineer = chain.cast["engineer"]
    with chain.console.stage(f"De-identify, run {number}") as stage:
        run = engineer.post(f"{chain.base}runs/")
        path = f"{chain.base}runs/{run['id']}/"
        progress = chain.follow(stage, engineer, f"{path}progress/")
        run = engineer.get(path)
        found = sum(run["counts"].values())
        stage.figures = {"spans": found, "counts": run["counts"], "digest": run["digest"]}
        stage.words = f"{found:,} identifiers replaced, {progress['rate'] or 0:.0f} notes/s"
    return dict(run)


def run_review(chain: Chain, run: dict[str, Any], number: int) -> bool:
    """One honest round; true when it met the target and was signed off."""
    clinician = chain.cast["reviewer"]
    with chain.console.stage(f"Review, round {number}") as stage:
        found = review_round(
            clinician=clinician,
            base=chain.base,
            run_id=run["id"],
            notes=chain.notes,
            show=lambda p: chain.console.progress(
                stage,
                {"done": p["read"], "total": p["planned"], "unit": "notes", "phase": "read"},
            ),
        )
        sample, result = found.sample, found.sample["result"]
        stage.figures = {"sample": sample, "leaks": len(found.leaked)}
        verdict = "met" if found.passed else "MISSED"
        stage.words = (
            f"{sample['size']} of {sample['population']} notes read, {len(found.leaked)} leaks; "
            f"with {percent(sample['confidence'])} confidence at most "
            f"{percent(result['upper'])} leak: target {percent(sample['limit'])} {verdict}"
        )
    if not found.passed:
        _mend(chain, found)
        return False
    with chain.console.stage("Sign-off by the clinician") as stage:
        signed = sign_off(clinician=clinician, base=chain.base, found=found)
        stage.figures = {"digest": signed["digest"]}
        stage.words = f"signed by {clinician.name} over {signed['digest'][:12]}"
    return True


def _mend(chain: Chain, found: Any) -> None:
    with chain.console.stage("Remedy") as stage:
        mended = remedy(
            engineer=chain.cast["engineer"], base=chain.base, found=found, notes=chain.notes
        )
        stage.figures = dict(mended)
        stage.words = (
            f"{mended['term']} leaks became terms of the organisation, "
            f"{mended['known']} known identifiers of their patients"
        )


def run_attestation(chain: Chain, run: dict[str, Any]) -> None:
    officer = chain.cast["compliance"]
    with chain.console.stage("Attestation, 164.514(b)(2)(ii)") as stage:
        path = f"{chain.base}runs/{run['id']}/attestation/"
        shown = officer.get(path)
        signed = officer.post(path, {"digest": shown["digest"], "password": officer.password})
        stage.figures = {"digest": signed["digest"]}
        stage.words = f"no actual knowledge, signed by {officer.name}"


def run_dataset(chain: Chain, run: dict[str, Any]) -> None:
    engineer = chain.cast["engineer"]
    with chain.console.stage("Gold set and dataset") as stage:
        gold = engineer.post(
            f"{chain.base}gold-sets/", {"notes": _gold_notes(chain, engineer, run)}
        )
        dataset = engineer.post(f"{chain.base}datasets/", {"run": run["id"], "seed": 20261125})
        chain.data |= {"gold": gold, "dataset": dataset}
        gate = dataset["gate"]
        stage.figures = {
            "gold_items": gold["item_count"],
            "train": dataset["train_count"],
            "validation": dataset["validation_count"],
            "gate": gate["status"],
            "digest": dataset["digest"],
        }
        stage.words = (
            f"{gold['item_count']} gold items; {dataset['train_count']} examples to learn from, "
            f"size gate {gate['status'].upper()}"
        )


def _gold_notes(chain: Chain, engineer: Person, run: dict[str, Any]) -> list[str]:
    """The ids of the notes that the sample data marks as gold items, found by their text."""
    wanted = {note.length: note for note in chain.notes if note.gold_item}
    path = f"{chain.base}runs/{run['id']}/notes/"
    chosen: dict[str, str] = {}
    for row in engineer.pages(path):
        note = wanted.get(row["length"])
        if note and row["note_type"] == note.note_type and note.note_id not in chosen:
            text = engineer.get(f"{path}{row['id']}/")["text"]
            if _starts_alike(text, note.text):
                chosen[note.note_id] = row["note"]
    return list(chosen.values())


def _starts_alike(shown: str, raw: str) -> bool:
    """Whether the words of both texts that are no tags agree for the most part."""
    words = set(raw.split())
    kept = [word for word in shown.split() if "[" not in word]
    return sum(word in words for word in kept) >= 0.6 * len(kept)
