// <button hidden data-position="#field">: puts the position of the device into the field as
// "lat,lon;device;metres" and says so in the field's [data-position-status]. What is typed into the field
// afterwards is no position of the device any more: the mark goes, and the words with it.

import { enhance } from "./enhance.js";

const DIGITS = 6; // of a degree: about ten centimetres

class Position {
  constructor(button) {
    this.field = document.querySelector(button.dataset.position);
    this.status = document.querySelector(`[data-position-status="${button.dataset.position}"]`);
    this.words = button.dataset;
    button.hidden = false;
    button.addEventListener("click", () => this.ask());
    this.field.addEventListener("input", (event) => event.isTrusted && this.typed());
    this.field.addEventListener("change", () => {
      if (!this.field.value.includes(";device")) this.say("");
    });
  }

  ask() {
    this.say(this.words.locating);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this.take(coords),
      () => this.say(this.words.failed),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  }

  take({ latitude, longitude, accuracy }) {
    const metres = Math.round(accuracy);
    this.field.value = `${latitude.toFixed(DIGITS)},${longitude.toFixed(DIGITS)};device;${metres}`;
    for (const kind of ["input", "change"]) this.field.dispatchEvent(new Event(kind, { bubbles: true }));
    this.field.closest("details")?.removeAttribute("open");
    this.say(this.words.taken.replace("{metres}", metres));
  }

  typed() {
    this.field.value = this.field.value.split(";")[0];
    this.say("");
  }

  say(text) {
    if (this.status) this.status.textContent = text ?? "";
  }
}

enhance("[data-position]", (button) => {
  if (navigator.geolocation) new Position(button);
});
