// Everything by keyboard: j and k move through [data-list], Enter opens (the link has the focus),
// Ctrl+Enter sends the form one is in, 1 to 5 choose in [data-grades], ? opens dialog[data-shortcuts].

const isTyping = (element) =>
  element.isContentEditable || element.matches("input:not([type=radio], [type=checkbox]), textarea, select");

function move(step) {
  const links = [...document.querySelectorAll("[data-list] [data-list-item]")]
    .map((item) => (item.matches("a") ? item : item.querySelector("a[href]")))
    .filter((link) => link?.offsetParent);
  const now = links.indexOf(document.activeElement);
  const next = links[now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function sendForm(form) {
  const button = form.querySelector("button[data-primary], button[type=submit], button:not([type])");
  form.requestSubmit ? form.requestSubmit(button) : button?.click();
}

function grade(number) {
  const choice = document.querySelector(`[data-grades] input[type=radio][value='${number}']`);
  choice?.click();
  choice?.focus();
}

function openShortcuts() {
  const dialog = document.querySelector("dialog[data-shortcuts]");
  if (dialog && !dialog.open) dialog.showModal?.();
}

const KEYS = {
  __proto__: null,
  j: () => move(1),
  k: () => move(-1),
  "?": openShortcuts,
  1: () => grade(1),
  2: () => grade(2),
  3: () => grade(3),
  4: () => grade(4),
  5: () => grade(5),
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.form) {
    event.preventDefault();
    sendForm(target.form);
    return;
  }
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (isPlain && key in KEYS && !isTyping(target)) KEYS[key]();
});
