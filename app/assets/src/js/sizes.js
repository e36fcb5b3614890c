// <meta name="most-bytes" content="12582912" data-words="… {chosen} MB … {most} MB …">: files that are
// together more than the server takes are not sent; the form says so at the field and keeps its text.

const FOR_TEXT = 100_000;
const MEGABYTE = 1024 * 1024;

function bytesOf(input) {
  return [...input.files].reduce((sum, file) => sum + file.size, 0);
}

function clear(form) {
  for (const note of form.querySelectorAll("[data-too-large]")) {
    const input = form.querySelector(`[aria-errormessage="${note.id}"]`);
    input?.removeAttribute("aria-errormessage");
    input?.removeAttribute("aria-invalid");
    note.remove();
  }
}

function say(input, words) {
  const note = document.createElement("p");
  note.id = `${input.id || input.name}-too-large`;
  note.className = "field-error";
  note.dataset.tooLarge = "";
  note.setAttribute("role", "alert");
  note.textContent = words;
  input.before(note);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", note.id);
  input.focus();
  note.scrollIntoView({ block: "center" });
}

function guard(event) {
  const limit = document.querySelector("meta[name=most-bytes]");
  const form = event.target;
  clear(form);
  const inputs = [...form.elements].filter((each) => each.type === "file" && each.files.length);
  const chosen = inputs.reduce((sum, input) => sum + bytesOf(input), 0);
  if (!limit || !inputs.length || chosen + FOR_TEXT <= Number(limit.content)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const largest = inputs.reduce((a, b) => (bytesOf(b) > bytesOf(a) ? b : a));
  const most = (Number(limit.content) - FOR_TEXT) / MEGABYTE;
  const words = limit.dataset.words
    .replace("{chosen}", (chosen / MEGABYTE).toFixed(1))
    .replace("{most}", String(Math.floor(most * 10) / 10));
  say(largest, words);
}

document.addEventListener("submit", guard, { capture: true });
document.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.form) clear(event.target.form);
});
