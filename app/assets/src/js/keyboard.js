// Everything by keyboard: j and k move through [data-list], Enter and o open (the link has the focus),
// x chooses the line, c claims it ([data-claim]), / goes to the search field, Ctrl+Enter sends the form
// one is in, 1 to 5 choose in [data-grades], ? opens dialog[data-shortcuts]; a link with data-key="n" is
// opened by that key. Never while typing.

const isTyping = (element) =>
  element.isContentEditable || element.matches("input:not([type=radio], [type=checkbox]), textarea, select");

const linkOf = (item) => (item.matches("a") ? item : item.querySelector("a[href]"));

const items = () =>
  [...document.querySelectorAll("[data-list] [data-list-item]")].filter(
    (item) => linkOf(item)?.offsetParent,
  );

const itemNow = () => document.activeElement?.closest?.("[data-list-item]");

function focusOn(item) {
  const link = item && linkOf(item);
  link?.focus();
  item?.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const all = items();
  const now = all.indexOf(itemNow());
  focusOn(all[now < 0 ? (step > 0 ? 0 : all.length - 1) : now + step]);
}

function choose() {
  itemNow()?.querySelector("input[data-choice]")?.click();
}

// The line is swapped for what it has become; the focus stays at its place in the list.
function claim() {
  const item = itemNow();
  const button = item?.querySelector("button[data-claim]");
  if (!button) return;
  const place = items().indexOf(item);
  document.addEventListener("htmx:afterSettle", () => focusOn(items()[place]), { once: true });
  button.click();
}

function search(event) {
  const field = document.querySelector("main input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
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

const linkOfKey = (key) => document.querySelector(`a[data-key="${CSS.escape(key)}"]`);

const isOpen = () => document.querySelector("dialog[open]");

function openShortcuts() {
  const dialog = document.querySelector("dialog[data-shortcuts]");
  if (dialog && !dialog.open) dialog.showModal?.();
}

const KEYS = {
  __proto__: null,
  j: () => move(1),
  k: () => move(-1),
  o: () => itemNow() && linkOf(itemNow())?.click(),
  x: choose,
  c: claim,
  "/": search,
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
  if (!isPlain || isTyping(target) || isOpen()) return;
  if (key in KEYS) KEYS[key](event);
  else linkOfKey(key)?.click();
});
