// The note on the screen: text with marks, spans to step through, words to pick.
// Offsets are in characters as Python counts them (code points), so text is held as an array.

const GROUPS = {
  NAME: "person", BIOMETRIC: "person", PHOTO: "person", LOCATION: "place", DATE_AGE: "time",
  PHONE: "contact", FAX: "contact", EMAIL: "contact", URL: "contact", IP: "contact",
  VEHICLE: "thing", DEVICE: "thing",
};
const WORD = /[\p{L}\p{N}\p{M}'’_-]/u;

export const groupOf = (category) => GROUPS[category] ?? "number";

export class NoteView {
  constructor(container) {
    this.container = container;
    this.clear();
  }

  clear() {
    this.characters = [];
    this.spans = [];
    this.marks = [];
    this.current = -1;
    this.caret = 0;
    this.picked = null;
    this.container.replaceChildren();
  }

  show(note) {
    this.clear();
    this.characters = Array.from(note.text);
    this.spans = note.spans.map((span) => ({ ...span, kind: "machine" })).sort((a, b) => a.start - b.start);
    this.draw();
  }

  text(start, end) {
    return this.characters.slice(start, end).join("");
  }

  pickedText() {
    return this.picked ? this.text(this.picked.start, this.picked.end) : "";
  }

  // The category of the replaced part that an over-redaction stands on.
  categoryAt({ start, end }) {
    return this.spans.find((span) => span.start < end && start < span.end)?.category ?? "";
  }

  // Everything that is marked: the machine's spans and what this reviewer found.
  setFindings(leaks, overs) {
    const over = new Set(overs.map((one) => `${one.start}-${one.end}`));
    const machine = this.spans.map((span) => ({ ...span, kind: over.has(`${span.start}-${span.end}`) ? "over" : "machine" }));
    this.marks = [...machine, ...leaks.map((leak) => ({ ...leak, kind: "leak" }))];
    this.draw();
  }

  draw() {
    if (!this.marks.length) this.marks = this.spans;
    const edges = new Set([0, this.characters.length]);
    // A cursor inside a mark must not cut it in two: there the whole mark shows it.
    if (!this.marks.some((one) => one.start < this.caret && this.caret < one.end)) edges.add(this.caret);
    for (const range of [...this.marks, ...(this.picked ? [this.picked] : [])]) {
      edges.add(range.start);
      edges.add(range.end);
    }
    const cuts = [...edges].filter((at) => at >= 0 && at <= this.characters.length).sort((a, b) => a - b);
    const pieces = [];
    for (let i = 0; i + 1 < cuts.length; i += 1) pieces.push(this.piece(cuts[i], cuts[i + 1]));
    this.container.replaceChildren(...pieces);
  }

  piece(start, end) {
    const covers = (range) => range.start <= start && end <= range.end;
    const mark = this.marks.findLast((one) => one.kind !== "machine" && covers(one)) ?? this.marks.find(covers);
    const element = document.createElement(mark ? "mark" : "span");
    element.textContent = this.text(start, end);
    element.dataset.start = start;
    if (mark) {
      element.classList.add("span", `span--${groupOf(mark.category)}`);
      if (mark.kind !== "machine") element.classList.add(`span--${mark.kind}`);
      // A fake does not show that it is one: the mark says what stood there.
      if (mark.surrogate && start === mark.start) element.dataset.label = mark.tag.replace(/[[\]]/g, "");
      const here = this.spans[this.current];
      if (here && here.start === mark.start && here.end === mark.end) element.classList.add("is-current");
    }
    if (this.picked && covers(this.picked)) element.classList.add("picked");
    if (start <= this.caret && this.caret < Math.max(end, start + 1) && !this.picked && (mark || start === this.caret)) element.classList.add("caret");
    return element;
  }

  // Step to the next or previous marked span. Looking at one never accepts it.
  step(by) {
    if (!this.spans.length) return null;
    const beyond = this.current < 0 ? (by > 0 ? 0 : this.spans.length - 1) : this.current + by;
    this.current = Math.max(0, Math.min(this.spans.length - 1, beyond));
    this.caret = this.spans[this.current].start;
    this.picked = null;
    this.reveal();
    return this.spans[this.current];
  }

  // Focus may be lost while stepping; the mark itself is scrolled to.
  reveal() {
    this.draw();
    const target = this.container.querySelector(".picked, .is-current, .caret");
    target?.scrollIntoView({ block: "nearest" });
  }

  moveCaret(by) {
    this.current = -1;
    this.picked = null;
    const step = Math.sign(by);
    let at = this.caret;
    if (step > 0) {
      while (at < this.characters.length && this.isWord(at)) at += 1;
      while (at < this.characters.length && !this.isWord(at)) at += 1;
    } else {
      while (at > 0 && !this.isWord(at - 1)) at -= 1;
      while (at > 0 && this.isWord(at - 1)) at -= 1;
    }
    this.caret = Math.min(at, Math.max(0, this.characters.length - 1));
    this.reveal();
  }

  moveLine(by) {
    const breaks = [-1];
    this.characters.forEach((character, at) => character === "\n" && breaks.push(at));
    const line = breaks.findLastIndex((at) => at < this.caret);
    const wanted = Math.max(0, Math.min(breaks.length - 1, line + by));
    const column = this.caret - breaks[line] - 1;
    const end = breaks[wanted + 1] ?? this.characters.length;
    this.current = -1;
    this.picked = null;
    this.caret = Math.max(0, Math.min(breaks[wanted] + 1 + column, end - 1));
    this.reveal();
  }

  isWord(at) {
    return at >= 0 && at < this.characters.length && WORD.test(this.characters[at]);
  }

  wordAt(at) {
    let start = at;
    if (!this.isWord(start) && this.isWord(start - 1)) start -= 1;
    while (start < this.characters.length && !this.isWord(start)) start += 1;
    let end = start;
    while (start > 0 && this.isWord(start - 1)) start -= 1;
    while (this.isWord(end)) end += 1;
    return start < end ? { start, end } : null;
  }

  wordBefore(at) {
    let end = at;
    while (end > 0 && !this.isWord(end - 1)) end -= 1;
    return end > 0 ? this.wordAt(end - 1) : null;
  }

  wordAfter(at) {
    let start = at;
    while (start < this.characters.length && !this.isWord(start)) start += 1;
    return start < this.characters.length ? this.wordAt(start) : null;
  }

  take(range) {
    this.picked = { ...range };
    this.reveal();
  }

  // What F works on: the mouse's selection snapped to words, what Shift and arrows picked, or the
  // word at the caret.
  pick() {
    this.picked = this.selectionRange() ?? this.picked ?? this.wordAt(this.caret);
    getSelection().removeAllRanges();
    if (this.picked) this.reveal();
    return this.picked;
  }

  extend(by) {
    if (!this.picked) this.pick();
    if (!this.picked) return;
    if (by > 0) {
      const next = this.wordAt(this.picked.end + 1);
      if (next) this.picked.end = Math.max(next.end, this.picked.end);
    } else {
      let at = this.picked.end;
      while (at > this.picked.start && this.isWord(at - 1)) at -= 1;
      while (at > this.picked.start && !this.isWord(at - 1)) at -= 1;
      if (at > this.picked.start) this.picked.end = at;
      else this.growLeft();
    }
    this.reveal();
  }

  growLeft() {
    let at = this.picked.start;
    while (at > 0 && !this.isWord(at - 1)) at -= 1;
    while (at > 0 && this.isWord(at - 1)) at -= 1;
    this.picked.start = at;
  }

  unpick() {
    this.picked = null;
    this.draw();
  }

  // Whether words stand in what is replaced already: nothing is left to flag there.
  isReplaced({ start, end }) {
    return this.spans.some((span) => span.start <= start && end <= span.end);
  }

  // The machine's span under the cursor, for X.
  spanAtCursor() {
    if (this.current >= 0) return this.spans[this.current];
    return this.spans.find((span) => span.start <= this.caret && this.caret < span.end) ?? null;
  }

  // The word under the cursor; none between words.
  wordAtCursor() {
    return this.isWord(this.caret) ? this.wordAt(this.caret) : null;
  }

  offsetOf(node, offset) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!this.container.contains(element) || element.dataset.start === undefined) return null;
    return Number(element.dataset.start) + Array.from(node.textContent.slice(0, offset)).length;
  }

  selectionRange() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const from = this.offsetOf(range.startContainer, range.startOffset);
    const to = this.offsetOf(range.endContainer, range.endOffset);
    if (from === null || to === null || to <= from) return null;
    const first = this.wordAt(from);
    const last = this.wordAt(Math.max(from, to - 1));
    return first && last ? { start: first.start, end: Math.max(first.end, last.end) } : null;
  }

  // A click puts the cursor there; it decides nothing. Tells whether it did.
  clicked(target) {
    const selection = getSelection();
    if (selection.rangeCount && !selection.isCollapsed) return false;
    // A tap on a mark sets no cursor of the browser's own on every touch screen.
    const mark = target.closest("mark[data-start]");
    const here = selection.rangeCount ? this.offsetOf(selection.anchorNode, selection.anchorOffset) : null;
    const at = mark ? Number(mark.dataset.start) : here;
    if (at === null) return false;
    this.picked = null;
    this.caret = Math.min(at, Math.max(0, this.characters.length - 1));
    this.current = this.spans.findIndex((span) => span.start <= at && at < span.end);
    this.draw();
    return true;
  }
}
