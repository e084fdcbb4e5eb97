// "Look once more?" One question at a time: a second one waits until the first is answered.

export class Questions {
  constructor(dialog, answered) {
    this.dialog = dialog;
    this.answered = answered;
    this.waiting = [];
    dialog.addEventListener("close", () => this.close());
  }

  ask(job) {
    this.waiting.push(job);
    if (!this.dialog.open) this.open();
  }

  get pending() {
    return this.waiting.length > 0;
  }

  open() {
    const [{ note, decision }] = this.waiting;
    const seconds = Math.max(1, Math.round(decision.seconds));
    this.dialog.querySelector("[data-second-look-words]").textContent = `Note ${note.position} was accepted after ${seconds} s, which is short for its length. Nothing is saved for it yet. You are asked once; the record says how many decisions were kept after this question.`;
    this.dialog.returnValue = "";
    this.dialog.showModal();
    this.dialog.querySelector("[value=look]").focus();
  }

  // Escape means: look again. Only the button keeps a decision.
  close() {
    const job = this.waiting.shift();
    if (job) this.answered(job, this.dialog.returnValue === "keep");
    if (this.waiting.length) this.open();
  }
}
