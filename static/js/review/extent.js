// How much of a note was on the screen. What was not seen cannot be accepted: the key shows it
// first. A jump over a part does not count as having seen it.

const OVERLAP = 56; // about two lines stay in sight when the next part is shown

export class Extent {
  constructor(note, mark, side) {
    this.note = note;
    this.mark = mark;
    this.side = side;
    this.reset();
    addEventListener("scroll", () => this.look(), { passive: true });
    addEventListener("resize", () => this.look());
  }

  // The next note begins; nothing of it was seen.
  reset() {
    this.seen = 0;
    this.look();
  }

  // The window in pixels of the note's own height. On a tablet the keys cover its lower end.
  window() {
    const box = this.note.getBoundingClientRect();
    const bar = this.side.getBoundingClientRect();
    const covered = getComputedStyle(this.side).bottom === "0px" && bar.top > 0;
    const top = document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0;
    const bottom = covered ? Math.min(innerHeight, bar.top) : innerHeight;
    return { top: Math.max(0, top) - box.top, bottom: bottom - box.top, height: box.height };
  }

  look() {
    const { top, bottom, height } = this.window();
    if (top <= this.seen + 1) this.seen = Math.max(this.seen, bottom);
    this.all = this.seen >= height - 2;
    this.mark.hidden = this.all;
  }

  showMore() {
    const { top } = this.window();
    scrollBy({ top: this.seen - OVERLAP - top, behavior: "instant" });
    this.look();
  }
}
