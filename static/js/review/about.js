// What is said of the part at the cursor: at once what its rule looks for, and on demand the whole
// trace. The trace is worked out by the server once a note and lies in this page's memory only.

import { nameOf } from "./found.js";

const IDLE = "J and K step through what the machine replaced; W says why. Looking accepts nothing.";

export class About {
  // `on.say` speaks words, `on.trace` fetches the trace of the open note.
  constructor(part, view, on) {
    this.part = part;
    this.view = view;
    this.on = on;
    this.begin(null);
  }

  // Another note: nothing is known of it yet, and the panel is closed.
  begin(note) {
    this.note = note;
    this.trace = null;
    this.close();
    this.show(null);
  }

  show(span) {
    const box = this.part("about-span");
    if (!span) box.textContent = IDLE;
    else {
      const small = document.createElement("small");
      small.textContent = technicalOf(span);
      box.replaceChildren(`${reasonOf(span)}.`, small);
      this.on.say(`${reasonOf(span)}.`);
    }
    if (this.open) this.draw();
  }

  // The cursor went to another word.
  moved() {
    if (this.open) this.show(this.view.spanAtCursor());
  }

  tell(words) {
    this.part("about-span").textContent = words;
  }

  get open() {
    return !this.part("why").hidden;
  }

  toggle() {
    if (this.open) return this.close();
    this.part("why").hidden = false;
    this.part("why-button").setAttribute("aria-expanded", "true");
    return this.draw();
  }

  close() {
    this.part("why").hidden = true;
    this.part("why").replaceChildren();
    this.part("why-button").setAttribute("aria-expanded", "false");
  }

  // The part at the cursor, or what was found and left at the word there.
  async draw() {
    const { note } = this;
    if (!this.trace) {
      this.fill([paragraph("Working it out from the notes of this patient.")]);
      this.trace = this.on.trace(note);
    }
    let trace;
    try {
      trace = await this.trace;
    } catch (error) {
      if (this.note !== note) return;
      this.trace = null;
      this.fill([paragraph(error.status && error.message ? error.message : "The reasons could not be worked out: the server did not answer. Press W twice to try again.")]);
      return;
    }
    if (this.note === note && this.open) this.fill(this.told(trace));
  }

  fill(content) {
    this.part("why").replaceChildren(...content);
    this.part("why").scrollTop = 0;
    this.view.reveal(); // on a tablet the panel covers what was in sight
    this.on.say(this.part("why").innerText);
  }

  told(trace) {
    const remarks = trace.remarks.map(paragraph);
    const span = this.view.spanAtCursor();
    if (span) {
      const found = trace.replaced.find((one) => one.start === span.start && one.end === span.end);
      return [...(found ? described(found, span.reason) : [paragraph("Nothing more is known of this part.")]), ...remarks];
    }
    const word = this.view.wordAtCursor();
    const left = word ? trace.left.filter((one) => one.start < word.end && word.start < one.end) : [];
    if (!word) return [paragraph("Put the cursor on a word, or step to a span with J or K.")];
    if (!left.length) return [paragraph(`“${this.view.text(word.start, word.end)}”: no rule found anything here.`), ...remarks];
    return [...left.flatMap((one) => [paragraph(`“${one.words}” was found as ${nameOf(one.category)} and left.`), ...described(one)]), ...remarks];
  }
}

export function reasonOf(span) {
  return span.reason ? `${nameOf(span.category)}: ${span.reason}` : nameOf(span.category);
}

function technicalOf({ recognizer = "", rule = "", score }) {
  const words = [recognizer, rule, typeof score === "number" ? score.toFixed(2) : ""].filter(Boolean);
  return words.length ? ` (${words.join(", ").replaceAll("_", " ")})` : "";
}

function paragraph(words) {
  const element = document.createElement("p");
  element.textContent = words;
  return element;
}

// What stands beside the panel already, `said`, is not said again.
function described(one, said = "") {
  const head = paragraph(one.reason === said ? "" : `${one.reason} `);
  const small = document.createElement("small");
  small.textContent = `(${one.technical})`;
  head.append(small);
  const list = document.createElement("dl");
  list.className = "trace-lines";
  one.lines.forEach((line, at) => {
    const term = document.createElement("dt");
    const words = document.createElement("dd");
    term.textContent = line.head;
    words.textContent = line.words;
    list.append(...(line.head === one.lines[at - 1]?.head ? [words] : [term, words]));
  });
  return one.lines.length ? [head, list] : [head];
}
