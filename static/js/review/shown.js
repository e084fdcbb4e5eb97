// Small words of the screen: which note this is, whether all is saved.

import { nameOf } from "./found.js";

const STATES = { saving: ["Saving", "busy"], saved: ["All decisions saved", "good"], failed: ["Not saved", "bad"] };

export function drawSaveState(box, state) {
  const [words, tone] = STATES[state];
  box.className = `save-state state--${tone}`;
  box.textContent = words;
}

// "Note 3 of 57", or "Mended note 1 of 2" with what was missed in it before.
export function headOf(note, progress) {
  const strong = document.createElement("strong");
  const about = [note.note_type, note.specialty].filter(Boolean).join(", ");
  if (note.kind !== "mended") {
    strong.textContent = `Note ${note.position} of ${note.total}`;
    return [strong, ` ${about}`];
  }
  const missed = (note.missed_before ?? []).map(nameOf).join(", ");
  strong.textContent = `Mended note ${note.position - note.total} of ${progress?.checks ?? 1}`;
  return [strong, ` ${about} · Missed here in an earlier round: ${missed || "an identifier"}. Accept it if it is clean now.`];
}
