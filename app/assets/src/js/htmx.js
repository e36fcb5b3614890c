// htmx, set up for a strict Content-Security-Policy and for pages that hold personal data.

import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // no page is ever kept in the browser's storage
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: "auto",
  timeout: 60_000,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    // Refused answers come back as the page with its errors; show it.
    { code: "4(0[0-9]|1[0-9]|22|29)", swap: true, error: false },
    { code: "...", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name='csrf-token']");
  if (token && event.detail.verb !== "get") {
    event.detail.headers["X-CSRFToken"] = token.content;
  }
});
