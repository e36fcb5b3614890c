// A form is sent once: a second click while the first is on its way does nothing. A form whose
// answer is a download (the page stays) says data-many, one whose answer takes long data-lasts.

const LOCKED_FOR_MS = 8000;
const LONG_LOCKED_FOR_MS = 180_000;

function unlock(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

function guard(event) {
  const form = event.target;
  if (form.method !== "post" || "many" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(unlock, "lasts" in form.dataset ? LONG_LOCKED_FOR_MS : LOCKED_FOR_MS, form);
}

function unlockAll() {
  for (const form of document.querySelectorAll("form[data-sent]")) unlock(form);
}

document.addEventListener("submit", guard, { capture: true });
document.addEventListener("htmx:afterRequest", unlockAll);
window.addEventListener("pageshow", unlockAll); // back from the next page
