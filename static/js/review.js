// The review screen: one note, one decision. Nothing is stored in the browser; notes that were
// fetched ahead live in this page's memory and go with it.

import { About } from "./review/about.js";
import { Clock } from "./review/clock.js";
import { Draft } from "./review/draft.js";
import { Extent } from "./review/extent.js";
import { drawFinished } from "./review/finished.js";
import { listenToKeys } from "./review/keys.js";
import { Marks } from "./review/marks.js";
import { NoteView } from "./review/note.js";
import { Questions } from "./review/questions.js";
import { drawRisk } from "./review/risk.js";
import { Saver } from "./review/saver.js";
import { Server } from "./review/server.js";
import { drawSaveState, headOf } from "./review/shown.js";

const AHEAD = 2;
const SETTLE = 400; // ms for which a new note takes no verdict: a key pressed twice decides once

class Review {
  constructor(root) {
    this.root = root;
    this.server = new Server(root.dataset);
    this.view = new NoteView(this.part("note"));
    this.about = new About((name) => this.part(name), this.view, {
      say: (words) => this.say(words),
      trace: (note) => this.server.trace(note),
    });
    this.marks = new Marks((name) => this.part(name), this.view, {
      changed: () => { this.about.show(null); this.keepDraft(); },
      say: (words) => this.say(words),
      tell: (words) => this.tell(words),
    });
    this.clock = new Clock();
    this.draft = new Draft(this.server);
    this.extent = new Extent(this.part("note"), this.part("more"), this.part("side"));
    this.questions = new Questions(this.part("second-look"), (job, keep) => this.secondLook(job, keep));
    this.saver = new Saver(this.server, {
      state: (state) => drawSaveState(this.part("save-state"), state),
      answered: (job, answer) => this.answered(job, answer),
      refused: (job, error) => this.refused(job, error),
      stopped: (job, message) => this.stopped(job, message),
    });
    this.queue = [];
    this.decided = new Set();
    this.note = null;
    this.listen();
    this.advance();
  }

  part(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  listen() {
    listenToKeys(this.part("note"), this.view, {
      busy: () => this.marks.picker.open,
      act: (name) => this.act(name),
      moved: () => this.about.moved(),
      escape: () => this.escape(),
    });
    this.part("note").addEventListener("click", (event) => {
      if (this.view.clicked(event.target)) this.about.show(this.view.spanAtCursor());
    });
    this.root.addEventListener("click", (event) => {
      const act = event.target.closest("[data-act]")?.dataset.act;
      if (act) this.act(act);
      const remove = event.target.closest("[data-remove]")?.dataset.remove;
      if (remove) this.marks.remove(Number(remove));
    });
    this.part("skip-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.part("skip").close();
      this.decide("skip", event.target.elements.reason.value.trim());
      event.target.reset();
    });
    this.part("skip-form").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || !event.target.matches("textarea")) return;
      event.preventDefault();
      this.part("skip-form").requestSubmit();
    });
    this.part("comment").addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.part("note").focus({ preventScroll: true });
    });
    this.part("comment").addEventListener("input", () => this.keepDraft());
    addEventListener("beforeunload", (event) => {
      if (this.saver.count || this.draft.open || this.questions.pending) event.preventDefault();
    });
  }

  escape() {
    if (this.view.picked) this.view.unpick();
    else this.about.close();
  }

  act(name) {
    if (name === "retry") return this.retry();
    if (name === "help") return this.part("help").showModal();
    if (name === "again") return this.advance();
    if (this.saver.kept || (!this.note && name !== "undo")) return undefined;
    const acts = {
      accept: () => this.accept(),
      flag: () => this.marks.flag(),
      over: () => this.marks.over(),
      same: () => this.marks.flagSame(),
      undo: () => this.undo(),
      more: () => this.extent.showMore(),
      "next-span": () => this.about.show(this.view.step(1)),
      "previous-span": () => this.about.show(this.view.step(-1)),
      why: () => this.about.toggle(),
      comment: () => this.part("comment").focus(),
      skip: () => this.part("skip").showModal(),
    };
    return acts[name]?.();
  }

  // ---- the note on the screen

  async advance() {
    this.note = this.queue.shift() ?? null;
    if (!this.note) {
      this.say("Fetching the next note.");
      await this.saver.settled;
      if (this.saver.kept || this.note) return;
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
    this.part("comment").value = note?.draft?.comment ?? "";
    this.clock.reset(note?.spent ?? 0);
    this.ready = performance.now() + SETTLE;
    this.about.begin(note);
    if (!note) {
      this.view.clear();
      this.part("about-note").textContent = "";
      this.marks.begin(null);
      this.say(this.unreachable ? "The server does not answer." : this.part("finished").querySelector("h2").textContent);
      return;
    }
    this.part("about-note").replaceChildren(...headOf(note, this.progress));
    this.view.show(note);
    this.marks.begin(note.draft);
    const box = this.part("note");
    box.classList.remove("review-leave");
    requestAnimationFrame(() => box.classList.add("review-leave"));
    box.focus({ preventScroll: true });
    // A long note may have been scrolled: the next one begins at its first line.
    const card = this.part("card");
    if (card.getBoundingClientRect().top < 0) card.scrollIntoView({ block: "start" });
    this.extent.reset();
    this.say(this.part("about-note").textContent);
  }

  // ---- what is marked

  body() {
    return { note_id: this.note.id, ...this.marks.body(), comment: this.part("comment").value.trim() };
  }

  keepDraft() {
    if (this.note) this.draft.change(this.body());
  }

  // ---- deciding

  accept() {
    if (performance.now() < this.ready) return this.tell("That came too soon after the last note. Nothing was decided; press again.");
    if (!this.extent.all) {
      this.extent.showMore();
      return this.tell("This part was not on the screen yet. Nothing was decided.");
    }
    return this.decide(this.marks.count ? "flag" : "accept");
  }

  decide(verdict, reason = "") {
    const { note } = this;
    const body = this.body();
    const decision = {
      ...body,
      verdict,
      comment: [reason, body.comment].filter(Boolean).join("\n"),
      seconds: this.clock.seconds(),
      warned: Boolean(note.warned),
    };
    this.draft.drop();
    this.decided.add(note.id);
    this.part("dropped").hidden = true;
    this.saver.save({ decision, note });
    this.advance();
  }

  answered(job, answer) {
    this.risk(answer.progress);
    if (answer.second_look) this.questions.ask(job);
    else if (!this.note) this.show();
  }

  secondLook(job, keep) {
    job.note.warned = true;
    if (!keep) return this.reopen(job);
    job.decision.warned = true;
    this.part("note").focus({ preventScroll: true });
    return this.saver.save(job).then(() => { if (!this.note) this.advance(); });
  }

  // A note comes back as it was left, with its time; the one on the screen waits behind it.
  reopen({ note, decision }) {
    this.decided.delete(note.id);
    if (this.note) this.queue.unshift({ ...this.note, draft: this.body(), spent: this.clock.seconds() });
    this.note = { ...note, draft: decision, spent: decision.seconds };
    this.show();
  }

  // The server can never take this decision: the note is another's, or decided in another tab.
  refused(job, error) {
    this.part("dropped").hidden = false;
    this.part("dropped-words").textContent = `Note ${job.note.position}: ${error.message || "your decision was not saved."}`;
    if (error.status === 400) this.reopen(job);
    else if (!this.note) this.advance();
  }

  // The screen stops and keeps the work: the decision waits here until the server takes it.
  stopped(job, message) {
    this.part("stopped-words").textContent = `${message || "The server did not answer."} Your decision on note ${job.note.position} is kept on this page. Nothing goes on until it is saved.`;
    this.part("stopped").hidden = false;
    this.part("stopped").querySelector("button").focus();
  }

  async retry() {
    this.part("stopped").hidden = true;
    if (!(await this.saver.again())) return;
    if (this.note) this.part("note").focus({ preventScroll: true });
    else this.advance();
  }

  async undo() {
    if (this.marks.count) return this.marks.remove(this.marks.count - 1);
    await this.saver.settled;
    if (this.saver.kept) return undefined;
    try {
      const answer = await this.server.undo();
      this.draft.drop();
      this.decided.clear();
      this.queue = answer.note ? [answer.note] : [];
      this.risk(answer.progress);
      await this.advance();
      return this.tell("The last decision is undone. The note is here again.");
    } catch (error) {
      return this.tell(error.message && error.status ? error.message : "Nothing was undone: the server did not answer.");
    }
  }

  // ---- risk and words

  risk(progress) {
    if (!progress) return;
    this.progress = progress;
    drawRisk(this.part("risk"), this.part("bar"), progress);
    drawFinished(this.part("finished"), progress);
  }

  say(words) {
    this.part("say").textContent = words;
  }

  // An answer to a key that did something else than expected is for the eye too.
  tell(words) {
    this.about.tell(words);
    this.say(words);
  }
}

document.querySelectorAll("[data-review]").forEach((root) => new Review(root));
