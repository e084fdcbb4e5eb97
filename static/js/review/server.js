// Talks JSON with the server. Notes stay in the memory of this page only.

const TIMEOUT = 15_000;

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export class Server {
  constructor({ nextUrl, decideUrl, draftUrl, undoUrl }) {
    this.urls = { nextUrl, decideUrl, draftUrl, undoUrl };
    this.token = document.querySelector('meta[name="csrf-token"]').content;
  }

  next() {
    return this.ask(this.urls.nextUrl, { method: "GET" });
  }

  trace(note) {
    return this.ask(note.trace_url, { method: "GET" });
  }

  decide(decision) {
    return this.post(this.urls.decideUrl, decision);
  }

  draft(marks) {
    return this.post(this.urls.draftUrl, marks);
  }

  undo() {
    return this.post(this.urls.undoUrl, {});
  }

  post(url, body) {
    return this.ask(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify(body),
    });
  }

  async ask(url, options) {
    const answer = await fetch(url, {
      cache: "no-store", redirect: "error", signal: AbortSignal.timeout(TIMEOUT), ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    const body = await answer.json().catch(() => ({}));
    if (!answer.ok || body.ok === false) throw new Refused(body.error ?? body.detail ?? "", answer.status);
    return body;
  }
}
