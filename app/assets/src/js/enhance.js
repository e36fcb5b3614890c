// The register of behaviours: each names a selector and what to do with an element once it appears,
// whether with the page or swapped in later by htmx.

import htmx from "htmx.org";

const behaviours = [];
const seen = new WeakMap();

/** Call `apply(element)` once for every element that matches `selector`, now or later. */
export function enhance(selector, apply) {
  behaviours.push({ selector, apply });
}

function applyTo(root, { selector, apply }) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  for (const element of found) {
    const done = seen.get(element) ?? new Set();
    if (done.has(apply)) continue;
    seen.set(element, done.add(apply));
    apply(element);
  }
}

/** Begin: the document as it stands, then whatever htmx brings. */
export function start() {
  document.documentElement.classList.add("has-script");
  htmx.onLoad((root) => {
    for (const behaviour of behaviours) applyTo(root, behaviour);
  });
}
