// <details data-replies="id of a field" data-outcome-field="name">: [data-reply-text] buttons put their
// text where the cursor is, and what was typed stays. Replies of another outcome than the chosen one
// are folded away. Without script the buttons send the form and the server adds the text.

import { enhance } from "./enhance.js";

function insert(field, text) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const isNew = start > 0 && value[start - 1] !== "\n";
  field.setRangeText(isNew ? `\n${text}` : text, end, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function fold(box) {
  const name = box.dataset.outcomeField;
  const form = box.closest("form");
  const chosen = form?.querySelector(`[name="${CSS.escape(name)}"]:checked, select[name="${CSS.escape(name)}"]`);
  const wanted = chosen?.labels ? valueOf(chosen) : "";
  for (const reply of box.querySelectorAll("[data-outcome]")) {
    const own = reply.dataset.outcome;
    reply.hidden = Boolean(wanted && own && own !== wanted);
  }
}

// Options carry tokens: a text is its own token, perhaps in quotes.
const valueOf = (chosen) => chosen.value.replace(/^"|"$/g, "");

enhance("details[data-replies]", (box) => {
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reply-text]");
    const field = document.getElementById(box.dataset.replies);
    if (!button || !field) return;
    event.preventDefault();
    insert(field, button.dataset.replyText);
  });
  box.closest("form")?.addEventListener("change", () => fold(box));
  fold(box);
});
