// What the reviewer marks in the open note: missed words and over-redacted parts, what is offered
// beside them, and the list of them all.

import { drawFindings, wordsOf } from "./found.js";
import { Picker } from "./picker.js";
import { place } from "./place.js";
import { sameWords, wholeName } from "./words.js";

export class Marks {
  // `on` is told of a change, and of words for the ear (`say`) and for the eye too (`tell`).
  constructor(part, view, on) {
    this.part = part;
    this.view = view;
    this.on = on;
    this.findings = [];
    this.same = [];
    this.picker = new Picker(part("picker"), (by) => this.extendPicked(by), () => this.takeWhole());
  }

  // A note begins, perhaps with what was marked in it before.
  begin(draft) {
    const marked = (kind, list) => (list ?? []).map((one) => ({ ...one, kind, category: one.category ?? this.view.categoryAt(one) }));
    this.findings = [...marked("leak", draft?.leaks), ...marked("over", draft?.over_redactions)];
    this.offer(null);
    this.list();
  }

  get count() {
    return this.findings.length;
  }

  whole() {
    const range = wholeName(this.view, this.view.picked);
    return range ? this.view.text(range.start, range.end) : "";
  }

  describePicked() {
    this.picker.describe(this.view.pickedText(), this.whole());
  }

  extendPicked(by) {
    this.view.extend(by);
    this.describePicked();
  }

  takeWhole() {
    this.view.take(wholeName(this.view, this.view.picked) ?? this.view.picked);
    this.describePicked();
  }

  async flag() {
    if (!this.view.pick()) return this.on.tell("Put the cursor on a word first.");
    if (this.view.isReplaced(this.view.picked)) {
      this.view.unpick();
      return this.on.tell("This part is replaced already. X marks it where nothing had to be hidden.");
    }
    const chosen = this.picker.ask(this.view.pickedText(), this.whole());
    place(this.part("picker"), this.part("card"), this.part("note").querySelector(".picked"));
    const category = await chosen;
    const range = this.view.picked;
    this.view.unpick();
    if (category && range) {
      const finding = { kind: "leak", category, ...range };
      this.add(finding);
      this.offer(finding);
    }
    this.part("note").focus({ preventScroll: true });
    return undefined;
  }

  // The same words may stand again in this note: flagging them all is one key.
  offer(finding) {
    const same = finding ? sameWords(this.view, finding, this.of("leak")) : [];
    this.same = same.map((range) => ({ kind: "leak", category: finding.category, ...range }));
    this.part("offer").hidden = !same.length;
    if (same.length) this.part("offer").querySelector("span").textContent = `Flag all ${same.length + 1} of “${this.view.text(finding.start, finding.end)}”`;
  }

  flagSame() {
    if (!this.same.length) return;
    for (const finding of this.same) this.add(finding);
    this.offer(null);
  }

  over() {
    const span = this.view.spanAtCursor();
    if (!span) return this.on.tell("Step to a span with J or K first.");
    const at = this.findings.findIndex((one) => one.kind === "over" && one.start === span.start && one.end === span.end);
    if (at >= 0) this.remove(at);
    else this.add({ kind: "over", category: span.category, start: span.start, end: span.end });
    return undefined;
  }

  add(finding) {
    this.findings.push(finding);
    this.changed();
    this.on.say(wordsOf(finding, this.view));
  }

  remove(at) {
    this.findings.splice(at, 1);
    this.offer(null);
    this.changed();
    this.on.say("Taken back.");
  }

  changed() {
    this.list();
    this.on.changed();
  }

  of(kind) {
    return this.findings.filter((one) => one.kind === kind);
  }

  list() {
    drawFindings(this.part("found"), this.findings, this.view);
    this.part("accept-words").textContent = this.findings.length ? `Send ${this.findings.length} and go on` : "Accept and go on";
    this.view.setFindings(this.of("leak"), this.of("over"));
  }

  // As the server takes them.
  body() {
    const range = ({ start, end }) => ({ start, end });
    return {
      leaks: this.of("leak").map((one) => ({ ...range(one), category: one.category })),
      over_redactions: this.of("over").map(range),
    };
  }
}
