// <form hx-boost="true" enctype="multipart/form-data"> with <progress data-upload-progress hidden>:
// the bar follows the upload. Without JavaScript the form is sent as any other.

function barOf(event) {
  return event.target.closest?.("form")?.querySelector("progress[data-upload-progress]");
}

document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = barOf(event);
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.max = event.detail.total;
  bar.value = event.detail.loaded;
});

document.addEventListener("htmx:afterRequest", (event) => {
  const bar = barOf(event);
  if (bar) bar.hidden = true;
});
