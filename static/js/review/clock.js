// Seconds that the reviewer had a note before the eyes: hidden and blanked time does not count.

export class Clock {
  constructor() {
    this.reset();
    document.addEventListener("visibilitychange", () => this.turn(!document.hidden));
    document.addEventListener("page-blank", () => this.turn(false));
    document.addEventListener("page-shown", () => this.turn(true));
  }

  // `seconds` is what was spent on the note before it came back.
  reset(seconds = 0) {
    this.elapsed = seconds * 1000;
    this.since = performance.now();
  }

  turn(on) {
    if (!on && this.since !== null) {
      this.elapsed += performance.now() - this.since;
      this.since = null;
    } else if (on && this.since === null) this.since = performance.now();
  }

  seconds() {
    const running = this.since === null ? 0 : performance.now() - this.since;
    return Math.round((this.elapsed + running) / 100) / 10;
  }
}
