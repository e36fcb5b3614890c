// <button hidden data-copy="text"> or data-copy-from="#id": copies, and says so in its own label
// (data-copied).

import { enhance } from "./enhance.js";

const SAID_FOR_MS = 2000;

function textOf(button) {
  if (!button.dataset.copyFrom) return button.dataset.copy;
  const source = document.querySelector(button.dataset.copyFrom);
  return "value" in source ? source.value : source.textContent.trim();
}

async function copy(button) {
  await navigator.clipboard.writeText(textOf(button));
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = label), SAID_FOR_MS);
}

enhance("[data-copy], [data-copy-from]", (button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => copy(button));
});
