// <form data-steps> is work for many requests: its answer, asked for as JSON, says {done, failed,
// waiting, go_on, result}; while something waits the address `go_on` is posted to, and at the end the
// page `result` is shown. [data-steps-shown] inside shows how far it is. Whatever goes wrong but the
// connection is shown by sending the form as any other; who leaves meanwhile lets the rest be done.

import { enhance } from "./enhance.js";

const token = () => document.querySelector("meta[name='csrf-token']")?.content ?? "";

async function ask(address, body) {
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const answer = await fetch(address, { method: "POST", body, headers });
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

class Steps {
  constructor(form) {
    this.form = form;
    this.shown = form.querySelector("[data-steps-shown]");
    this.bar = this.shown.querySelector("progress");
    this.words = this.shown.querySelector("[role=status]");
    form.addEventListener("submit", (event) => this.begin(event));
    window.addEventListener("pagehide", () => this.leave());
  }

  async begin(event) {
    event.preventDefault();
    if (this.isRunning) return;
    this.run(true);
    try {
      await this.goOn(await ask(this.form.action, new FormData(this.form)));
    } catch (problem) {
      this.run(false);
      if (problem instanceof TypeError) this.words.textContent = this.shown.dataset.lost;
      else this.form.submit();
    }
  }

  async goOn(begun) {
    let answer = begun;
    for (let before = Infinity; answer.waiting > 0 && answer.waiting < before; ) {
      this.say(answer);
      before = answer.waiting;
      answer = await ask(answer.go_on, new FormData());
    }
    this.say(answer);
    this.now = null;
    window.location.replace(answer.result);
  }

  say(answer) {
    this.now = answer.waiting > 0 ? answer : null;
    const { some, failed } = this.shown.dataset;
    this.bar.value = answer.done + answer.failed;
    this.words.textContent = some.replace("{n}", this.bar.value);
    if (answer.failed) this.words.textContent += ` ${failed.replace("{n}", answer.failed)}`;
  }

  run(isRunning) {
    this.isRunning = isRunning;
    this.shown.hidden = false;
    for (const each of this.form.querySelectorAll("[data-steps-idle]")) each.hidden = isRunning;
    if (isRunning) return;
    delete this.form.dataset.sent; // once.js: it may be sent again
    this.form.removeAttribute("aria-busy");
  }

  leave() {
    if (!this.now) return;
    navigator.sendBeacon(this.now.go_on, new URLSearchParams({ csrf_token: token() }));
  }
}

enhance("form[data-steps]", (form) => new Steps(form));
