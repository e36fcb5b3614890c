// <form data-conditions-url>: after each change the server is asked which parts of the form are now
// shown. The answer is the form's parts again; only what is hidden and what is mere words is taken from
// it, so that nothing typed meanwhile is touched. Parts are [data-part] with an id; data-part="words"
// holds no answers. Without script the form has a button for it.

import { enhance } from "./enhance.js";

function apply(form, page) {
  for (const part of page.querySelectorAll("[data-part][id]")) {
    const here = form.querySelector(`#${CSS.escape(part.id)}`);
    if (!here) continue;
    here.hidden = part.hidden;
    if (part.dataset.part === "words") here.replaceChildren(...part.childNodes);
  }
}

class Conditions {
  constructor(form) {
    this.form = form;
    this.request = null;
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file") this.ask();
    });
  }

  async ask() {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const answer = await fetch(this.form.dataset.conditionsUrl, {
        method: "POST",
        body: this.fields(),
        headers: { "HX-Request": "true" },
        credentials: "same-origin",
        signal,
      });
      if (!answer.ok) return;
      const text = await answer.text();
      apply(this.form, new DOMParser().parseFromString(text, "text/html"));
    } catch {
      // offline, or asked again meanwhile: the submission is judged by the server in any case
    }
  }

  fields() {
    const texts = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(texts);
  }
}

enhance("form[data-conditions-url]", (form) => new Conditions(form));
