// Maps and diagrams are heavy: their bundle and its style sheet load when one comes into view.

import { enhance } from "./enhance.js";

const NEAR = "300px";
const sheets = new Map();

function loadSheet(name) {
  if (!sheets.has(name)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(LAZY_FILES[name], import.meta.url);
    sheets.set(name, new Promise((resolve, reject) => {
      link.addEventListener("load", resolve);
      link.addEventListener("error", reject);
    }));
    document.head.append(link);
  }
  return sheets.get(name);
}

async function draw(element, name) {
  element.setAttribute("aria-busy", "true");
  try {
    const [bundle] = await Promise.all([
      import(new URL(LAZY_FILES[`${name}.js`], import.meta.url)),
      loadSheet(`${name}.css`),
    ]);
    await bundle.draw(element);
  } catch (problem) {
    console.error(problem);
    element.textContent = element.dataset.failed ?? "";
  } finally {
    element.removeAttribute("aria-busy");
  }
}

function whenNear(element, act) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      act();
    },
    { rootMargin: NEAR },
  );
  observer.observe(element);
}

enhance("[data-map]", (element) => whenNear(element, () => draw(element, "map")));
enhance("[data-diagram]", (element) => whenNear(element, () => draw(element, "diagram")));
