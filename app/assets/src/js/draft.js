// <form data-draft-url data-csrf>: what is typed is kept on the server a second after the last key
// and when the page is left. [data-draft-status] says where it stands, in its own words:
// data-saving, data-saved, data-failed.

import { enhance } from "./enhance.js";

const QUIET_MS = 1000;
const RETRY_MS = 10_000;
const REFUSED = new Set([401, 403, 404, 409, 410]); // trying again would not help

class Draft {
  constructor(form) {
    this.form = form;
    this.status = form.querySelector("[data-draft-status]");
    this.isDirty = false;
    this.isOver = false;
    this.timer = 0;
    this.request = null;
  }

  watch() {
    this.form.addEventListener("input", () => this.touch());
    this.form.addEventListener("change", () => this.touch());
    this.form.addEventListener("submit", () => this.end());
    document.addEventListener("htmx:afterRequest", () => (this.isOver = false));
    window.addEventListener("pagehide", () => this.flush());
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush();
    });
  }

  touch() {
    this.isDirty = true;
    this.isOver = false;
    this.later(QUIET_MS);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  // The submission carries everything; a draft that arrived after it would come back as a ghost.
  end() {
    clearTimeout(this.timer);
    this.isOver = true;
    this.request?.abort();
  }

  flush() {
    clearTimeout(this.timer);
    if (this.isDirty && !this.isOver) this.send({ keepalive: true }).catch(() => {});
  }

  async save() {
    if (!this.isDirty || this.isOver || this.request || !this.form.isConnected) return;
    this.say("saving");
    this.request = new AbortController();
    try {
      const answer = await this.send({ signal: this.request.signal });
      this.settle(answer);
    } catch {
      this.isDirty = true;
      if (!this.isOver) this.fail();
    } finally {
      this.request = null;
    }
    if (this.isDirty && !this.isOver) this.later(this.hasFailed ? RETRY_MS : QUIET_MS);
  }

  send(options) {
    this.isDirty = false;
    return fetch(this.form.dataset.draftUrl, {
      method: "POST",
      body: this.fields(),
      headers: { "X-CSRFToken": this.form.dataset.csrf },
      credentials: "same-origin",
      ...options,
    });
  }

  fields() {
    const texts = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(texts);
  }

  settle(answer) {
    if (answer.ok) {
      this.hasFailed = false;
      this.say("saved");
      return;
    }
    this.isDirty = !REFUSED.has(answer.status);
    this.fail();
  }

  fail() {
    this.hasFailed = true;
    this.say("failed");
  }

  say(state) {
    if (!this.status) return;
    this.status.dataset.state = state;
    this.status.textContent = this.status.dataset[state] ?? "";
  }
}

enhance("form[data-draft-url]", (form) => new Draft(form).watch());
