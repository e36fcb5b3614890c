// <nav data-nav> may be wider than a phone: it begins with the page one is on in view.

import { enhance } from "./enhance.js";

enhance("[data-nav]", (nav) => {
  const here = nav.querySelector("[aria-current]")?.getBoundingClientRect();
  if (here) nav.scrollLeft += here.left - (nav.clientWidth - here.width) / 2;
});
