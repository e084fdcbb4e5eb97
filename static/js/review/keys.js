// From a key to what it does: letters act, arrows move the cursor of the note.

const KEYS = { a: "accept", f: "flag", x: "over", e: "same", u: "undo", j: "next-span", k: "previous-span", w: "why", c: "comment", s: "skip", "?": "help" };
const ARROWS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };

// Keys belong to whoever has the focus of a box or dialog, and to the browser with a modifier.
const isElsewhere = (event) => event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select") || document.querySelector("dialog[open]") || document.body.classList.contains("is-blank");

// `on.busy` tells whether the picker has the keys; `on.act` takes the name of an act; `on.escape`
// closes what is open; `on.moved` follows the cursor.
export function listenToKeys(note, view, on) {
  document.addEventListener("keydown", (event) => {
    if (isElsewhere(event) || on.busy()) return;
    if (event.key in ARROWS && document.activeElement === note) {
      const by = ARROWS[event.key];
      if (event.shiftKey) view.extend(by);
      else if (event.key.endsWith("t")) view.moveCaret(by);
      else view.moveLine(by);
      event.preventDefault();
      on.moved();
      return;
    }
    if (event.key === "Escape") on.escape();
    const act = KEYS[event.key.toLowerCase()];
    if (!act || event.repeat) return;
    event.preventDefault();
    on.act(act);
  });
}
