// What is marked so far goes to the server while the note is open, so that a reload loses nothing.

const PAUSE = 400; // ms after the last change

export class Draft {
  constructor(server) {
    this.server = server;
    this.timer = null;
    this.open = false; // whether something is marked that the server does not hold yet
  }

  change(body) {
    this.open = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(body), PAUSE);
  }

  async send(body) {
    try {
      await this.server.draft(body);
      this.open = false;
    } catch {
      // The marks stay on the page; leaving it asks first, since `open` is still true.
    }
  }

  // The decision carries the marks now.
  drop() {
    clearTimeout(this.timer);
    this.open = false;
  }
}
