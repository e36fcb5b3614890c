// <form data-chosen id="…"> acts on the [data-choice] boxes that name it: Shift+click takes the lines
// between, [data-choose-all] takes all shown, [data-chosen-count] says how many (data-none, data-some).

import { enhance } from "./enhance.js";

class Chosen {
  constructor(form) {
    this.form = form;
    this.all = form.querySelector("[data-choose-all]");
    this.count = form.querySelector("[data-chosen-count]");
    this.last = null;
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("change", () => this.say());
    document.addEventListener("htmx:afterSettle", () => this.say());
    window.addEventListener("pageshow", () => this.say());
    this.all?.addEventListener("change", () => this.chooseAll());
    this.say();
  }

  boxes() {
    const boxes = [...document.querySelectorAll("input[data-choice]")];
    return boxes.filter((box) => box.form === this.form);
  }

  click(event) {
    const box = event.target;
    if (!box.matches?.("input[data-choice]") || box.form !== this.form) return;
    const boxes = this.boxes();
    if (event.shiftKey && this.last?.isConnected) {
      const ends = [boxes.indexOf(this.last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(ends[0], ends[1] + 1)) between.checked = box.checked;
    }
    this.last = box;
  }

  chooseAll() {
    for (const box of this.boxes()) box.checked = this.all.checked;
  }

  say() {
    const boxes = this.boxes();
    const chosen = boxes.filter((box) => box.checked).length;
    const words = this.count?.dataset;
    if (words) this.count.textContent = chosen ? words.some.replace("{n}", chosen) : words.none;
    for (const button of this.form.querySelectorAll("button")) button.disabled = chosen === 0;
    if (!this.all) return;
    this.all.checked = chosen > 0 && chosen === boxes.length;
    this.all.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

enhance("form[data-chosen]", (form) => new Chosen(form));
