// The review screen: one note, one decision. Nothing is stored in the browser; notes that were
// fetched ahead live in this page's memory and go with it.

import { Clock } from "./review/clock.js";
import { NoteView } from "./review/note.js";
import { CATEGORIES, Picker } from "./review/picker.js";
import { drawRisk } from "./review/risk.js";
import { Refused, Server } from "./review/server.js";

const AHEAD = 2;
const names = new Map(CATEGORIES);

class Review {
  constructor(root) {
    this.root = root;
    this.server = new Server(root.dataset);
    this.view = new NoteView(this.part("note"));
    this.picker = new Picker(this.part("picker"), (by) => {
      this.view.extend(by);
      this.picker.describe(this.pickedWords());
    });
    this.clock = new Clock();
    this.queue = [];
    this.decided = new Set();
    this.saving = Promise.resolve();
    this.unsaved = 0;
    this.failed = null;
    this.note = null;
    this.listen();
    this.advance();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  listen() {
    document.addEventListener("keydown", (event) => this.key(event));
    this.part("note").addEventListener("click", () => this.view.clicked());
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this.act(act);
      const remove = event.target.closest("[data-remove]")?.dataset.remove;
      if (remove) this.remove(Number(remove));
    });
    this.part("skip-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.part("skip").close();
      this.decide("skip", event.target.elements.reason.value.trim());
      event.target.reset();
    });
    this.part("comment").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.part("note").focus({ preventScroll: true });
    });
    addEventListener("beforeunload", (event) => {
      if (this.unsaved || this.findings.length) event.preventDefault();
    });
  }

  key(event) {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select") || document.querySelector("dialog[open]") || document.body.classList.contains("is-blank");
    if (busy || this.picker.open) return;
    const arrows = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
    if (event.key in arrows && document.activeElement === this.part("note")) {
      const by = arrows[event.key];
      if (event.shiftKey) this.view.extend(by);
      else if (event.key.endsWith("t")) this.view.moveCaret(by);
      else this.view.moveLine(by);
      event.preventDefault();
      return;
    }
    const acts = { a: "accept", f: "flag", x: "over", u: "undo", j: "next-span", k: "previous-span", c: "comment", s: "skip", "?": "help" };
    const act = acts[event.key.toLowerCase()];
    if (!act || event.repeat) return;
    event.preventDefault();
    this.act(act);
  }

  act(name) {
    if (name === "retry") return this.retry();
    if (name === "help") return this.part("help").showModal();
    if (this.failed || (!this.note && name !== "undo")) return undefined;
    const acts = {
      accept: () => this.decide(this.findings.length ? "flag" : "accept"),
      flag: () => this.flag(),
      over: () => this.over(),
      undo: () => this.undo(),
      "next-span": () => this.about(this.view.step(1)),
      "previous-span": () => this.about(this.view.step(-1)),
      comment: () => this.part("comment").focus(),
      skip: () => this.part("skip").showModal(),
    };
    return acts[name]?.();
  }

  // ---- the note on the screen

  async advance() {
    this.findings = [];
    this.note = this.queue.shift() ?? null;
    if (!this.note) {
      this.say("Fetching the next note.");
      await this.saving;
      if (this.failed) return;
      await this.fetchAhead();
      if (!this.note) this.note = this.queue.shift() ?? null;
    }
    this.show();
    if (this.note && this.queue.length < AHEAD) this.fetchAhead();
  }

  async fetchAhead() {
    if (this.fetching) return this.fetching;
    this.fetching = this.server.next().then((answer) => {
      this.risk(answer.progress);
      const known = new Set([this.note?.id, ...this.queue.map((note) => note.id)]);
      for (const note of [answer.note, ...(answer.prefetch ?? [])]) {
        if (note && !known.has(note.id) && !this.decided.has(note.id)) {
          known.add(note.id);
          this.queue.push(note);
        }
      }
      this.unreachable = false;
    }).catch(() => { this.unreachable = true; }).finally(() => { this.fetching = null; });
    return this.fetching;
  }

  show() {
    const { note } = this;
    this.part("finished").hidden = Boolean(note) || this.unreachable;
    this.part("unreachable").hidden = Boolean(note) || !this.unreachable;
    this.part("comment").value = "";
    this.about(null);
    this.clock.reset();
    if (!note) {
      this.view.clear();
      this.part("about-note").textContent = "";
      this.listFindings();
      return;
    }
    const kind = [note.note_type, note.specialty].filter(Boolean).join(", ");
    const strong = document.createElement("strong");
    strong.textContent = `Note ${note.position} of ${note.total}`;
    this.part("about-note").replaceChildren(strong, ` ${kind}`);
    this.view.show(note);
    this.listFindings();
    const box = this.part("note");
    box.classList.remove("review-leave");
    requestAnimationFrame(() => box.classList.add("review-leave"));
    box.focus({ preventScroll: true });
    // A long note may have been scrolled: the next one begins at its first line.
    const card = this.part("card");
    if (card.getBoundingClientRect().top < 0) card.scrollIntoView({ block: "start" });
    this.say(`Note ${note.position} of ${note.total}`);
  }

  about(span) {
    const box = this.part("about-span");
    if (!span) {
      box.textContent = "J and K step through what the machine replaced. Looking accepts nothing.";
      return;
    }
    const why = [span.recognizer, span.rule].filter(Boolean).join(", ");
    const score = typeof span.score === "number" ? `, score ${span.score.toFixed(2)}` : "";
    box.textContent = `${names.get(span.category) ?? span.category}: found by ${why || "the engine"}${score}`;
    this.say(box.textContent);
  }

  // ---- findings

  pickedWords() {
    return this.view.picked ? this.view.text(this.view.picked.start, this.view.picked.end) : "";
  }

  async flag() {
    if (!this.view.pick()) return this.tell("Put the cursor on a word first.");
    if (this.view.pickedIsReplaced()) {
      this.view.unpick();
      return this.tell("This part is replaced already. X marks it where nothing had to be hidden.");
    }
    this.placePicker();
    const category = await this.picker.ask(this.pickedWords());
    const range = this.view.picked;
    this.view.unpick();
    if (category && range) this.add({ kind: "leak", category, ...range });
    this.part("note").focus({ preventScroll: true });
    return undefined;
  }

  placePicker() {
    const card = this.part("card").getBoundingClientRect();
    const word = this.part("note").querySelector(".picked").getBoundingClientRect();
    const element = this.part("picker");
    element.style.left = `${Math.max(8, Math.min(word.left - card.left, card.width - 350))}px`;
    element.style.top = `${word.bottom - card.top + 8}px`;
  }

  over() {
    const span = this.view.spanAtCursor();
    if (!span) return this.tell("Step to a span with J or K first.");
    const at = this.findings.findIndex((one) => one.kind === "over" && one.start === span.start && one.end === span.end);
    if (at >= 0) this.remove(at);
    else this.add({ kind: "over", category: span.category, start: span.start, end: span.end });
    return undefined;
  }

  add(finding) {
    this.findings.push(finding);
    this.listFindings();
    this.say(`${finding.kind === "leak" ? "Flagged as missed" : "Marked as over-redacted"}: ${names.get(finding.category)}`);
  }

  remove(at) {
    this.findings.splice(at, 1);
    this.listFindings();
    this.say("Taken back.");
  }

  of(kind) {
    return this.findings.filter((one) => one.kind === kind);
  }

  listFindings() {
    const list = this.part("found");
    list.replaceChildren(...this.findings.map((one, at) => {
      const line = document.createElement("li");
      const words = one.kind === "leak" ? "Missed" : "Over-redacted";
      line.append(`${words}: ${names.get(one.category) ?? one.category}`);
      const button = document.createElement("button");
      button.type = "button";
      button.className = "bare small";
      button.dataset.remove = at;
      button.textContent = "Take back";
      line.append(button);
      return line;
    }));
    this.part("accept-words").textContent = this.findings.length ? `Send ${this.findings.length} and go on` : "Accept and go on";
    if (this.note) this.view.setFindings(this.of("leak"), this.of("over"));
  }

  // ---- deciding

  decide(verdict, reason = "") {
    const note = this.note;
    const range = ({ start, end }) => ({ start, end });
    const decision = {
      note_id: note.id,
      verdict,
      leaks: this.of("leak").map((one) => ({ ...range(one), category: one.category })),
      over_redactions: this.of("over").map(range),
      comment: [reason, this.part("comment").value.trim()].filter(Boolean).join("\n"),
      seconds: this.clock.seconds(),
    };
    this.decided.add(note.id);
    this.save({ decision, position: note.position });
    this.advance();
  }

  save(job) {
    this.unsaved += 1;
    this.saveState("saving");
    this.saving = this.saving.then(() => this.send(job));
  }

  async send(job) {
    if (this.failed) {
      this.failed.push(job);
      return;
    }
    try {
      const answer = await this.server.decide(job.decision);
      this.unsaved -= 1;
      this.saveState(this.unsaved ? "saving" : "saved");
      this.risk(answer.progress);
      if (answer.second_look) this.askSecondLook(job);
    } catch (error) {
      this.stop(job, error);
    }
  }

  // The screen stops and keeps the work: the decision waits here until the server takes it.
  stop(job, error) {
    this.failed = [job];
    this.saveState("failed");
    const why = error instanceof Refused && error.message ? error.message : "The server did not answer.";
    this.part("stopped-words").textContent = `${why} Your decision on note ${job.position} is kept on this page. Nothing goes on until it is saved.`;
    this.part("stopped").hidden = false;
    this.part("stopped").querySelector("button").focus();
  }

  async retry() {
    const waiting = this.failed ?? [];
    this.failed = null;
    this.part("stopped").hidden = true;
    this.saveState("saving");
    for (const job of waiting) this.saving = this.saving.then(() => this.send(job));
    await this.saving;
    if (!this.failed && !this.note) this.advance();
    else if (!this.failed) this.part("note").focus({ preventScroll: true });
  }

  async undo() {
    if (this.findings.length) return this.remove(this.findings.length - 1);
    await this.saving;
    if (this.failed) return undefined;
    try {
      const answer = await this.server.undo();
      this.decided.clear();
      this.queue = [];
      this.note = null;
      if (answer.note) this.queue.push(answer.note);
      if (answer.progress) this.risk(answer.progress);
      await this.advance();
      return this.tell("The last decision is undone. The note is here again.");
    } catch (error) {
      return this.tell(error instanceof Refused && error.message ? error.message : "Nothing was undone: the server did not answer.");
    }
  }

  askSecondLook({ position, decision }) {
    const dialog = this.part("second-look");
    this.part("second-look-words").textContent = `Note ${position} was decided after ${Math.round(decision.seconds)} s, which is short for its length. You are asked once.`;
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "look") this.undo();
      dialog.returnValue = "";
    }, { once: true });
  }

  // ---- risk and words

  risk(progress) {
    if (progress) drawRisk(this.part("risk"), this.part("bar"), progress);
  }

  saveState(state) {
    const words = { saving: "Saving", saved: "All decisions saved", failed: "Not saved" };
    const tones = { saving: "busy", saved: "good", failed: "bad" };
    const box = this.part("save-state");
    box.className = `save-state state--${tones[state]}`;
    box.textContent = words[state];
  }

  say(words) {
    this.part("say").textContent = words;
  }

  // An answer to a key that did something else than expected is for the eye too.
  tell(words) {
    this.part("about-span").textContent = words;
    this.say(words);
  }
}

document.querySelectorAll("[data-review]").forEach((root) => new Review(root));
