// <input type="file" data-photo>: each photo is scaled down to 1600 pixels before it is sent, and
// hidden fields NAME_taken_at, NAME_latitude, NAME_longitude (one each per file, in their order,
// empty where unknown) say when and where it was taken. With data-photo-position the device is
// asked for its position when a photo just taken does not tell.

import { enhance } from "./enhance.js";
import { readExif } from "./exif.js";

const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
const EXIF_BYTES = 256 * 1024;
const JUST_TAKEN_MS = 5 * 60_000;
const POSITION_MS = 10_000;

async function toJpeg(bitmap, width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** Return a smaller JPEG, or the file itself where it is small or this browser cannot read it. */
async function scaledDown(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = LONGEST_SIDE / Math.max(bitmap.width, bitmap.height);
    if (scale >= 1) return file;
    const blob = await toJpeg(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    const name = file.name.replace(/\.[^.]*$/, "") + ".jpg";
    return new File([blob], name, { type: "image/jpeg", lastModified: file.lastModified });
  } catch {
    return file;
  }
}

function devicePosition() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({});
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude }),
      () => resolve({}),
      { timeout: POSITION_MS, maximumAge: 60_000, enableHighAccuracy: true },
    );
  });
}

async function captureOf(file, asksPosition) {
  const exif = readExif(await file.slice(0, EXIF_BYTES).arrayBuffer());
  const isNew = Date.now() - file.lastModified < JUST_TAKEN_MS;
  const hasPosition = exif.latitude !== undefined;
  const device = !hasPosition && asksPosition && isNew ? await devicePosition() : {};
  return { takenAt: new Date(file.lastModified).toISOString(), ...device, ...withoutNull(exif) };
}

function withoutNull(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

function hidden(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value: value ?? "" });
  return field;
}

function writeCaptures(input, captures) {
  const place = input.parentElement.querySelector(`[data-captures-of="${input.name}"]`)
    ?? input.insertAdjacentElement("afterend", document.createElement("span"));
  place.dataset.capturesOf = input.name;
  place.hidden = true;
  place.replaceChildren(
    ...captures.flatMap(({ takenAt, latitude, longitude }) => [
      hidden(`${input.name}_taken_at`, takenAt),
      hidden(`${input.name}_latitude`, latitude?.toFixed(6)),
      hidden(`${input.name}_longitude`, longitude?.toFixed(6)),
    ]),
  );
}

function replaceFiles(input, files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
}

async function prepare(input) {
  const chosen = [...input.files];
  const asksPosition = "photoPosition" in input.dataset;
  const captures = await Promise.all(chosen.map((file) => captureOf(file, asksPosition)));
  const scaled = await Promise.all(chosen.map(scaledDown));
  replaceFiles(input, scaled);
  writeCaptures(input, captures);
}

// A form sent while its photos are still being scaled waits for them.
const pending = new WeakMap();

enhance("input[type=file][data-photo]", (input) => {
  const { form } = input;
  input.addEventListener("change", () => {
    const work = Promise.allSettled([pending.get(form), prepare(input)]).then(() => {
      if (pending.get(form) === work) pending.delete(form);
      input.dataset.ready = String(input.files.length);
    });
    pending.set(form, work);
  });
});

document.addEventListener(
  "submit",
  (event) => {
    const work = pending.get(event.target);
    if (!work) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    work.then(() => target.requestSubmit(submitter));
  },
  { capture: true },
);
