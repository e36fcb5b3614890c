// <button data-print>: opens the browser's own printing.

import { enhance } from "./enhance.js";

enhance("[data-print]", (button) => button.addEventListener("click", () => window.print()));
