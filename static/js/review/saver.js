// Decisions on their way to the server, one after another. One that the server can never take is
// dropped, and said so; one that it could not take now stops the screen and is kept.

import { Refused } from "./server.js";

const FINAL = new Set([400, 404, 409]);

export class Saver {
  constructor(server, on) {
    this.server = server;
    this.on = on;
    this.settled = Promise.resolve();
    this.count = 0;
    this.kept = null; // decisions that wait for "Save again"
  }

  save(job) {
    this.count += 1;
    this.on.state("saving");
    this.settled = this.settled.then(() => this.send(job));
    return this.settled;
  }

  async send(job) {
    if (this.kept) {
      this.kept.push(job);
      return;
    }
    try {
      const answer = await this.server.decide(job.decision);
      this.done();
      this.on.answered(job, answer);
    } catch (error) {
      if (error instanceof Refused && FINAL.has(error.status)) {
        this.done();
        this.on.refused(job, error);
      } else {
        this.kept = [job];
        this.on.state("failed");
        this.on.stopped(job, error instanceof Refused ? error.message : "");
      }
    }
  }

  done() {
    this.count -= 1;
    this.on.state(this.count ? "saving" : "saved");
  }

  async again() {
    const waiting = this.kept ?? [];
    this.kept = null;
    this.on.state("saving");
    for (const job of waiting) this.settled = this.settled.then(() => this.send(job));
    await this.settled;
    return !this.kept;
  }
}
