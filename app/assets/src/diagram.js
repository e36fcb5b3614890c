// [data-diagram]: the case's diagram as its designer drew it, with the tokens and the path taken.
// What to draw stands in <script type="application/json" data-diagram-data> inside the element.

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "./css/diagram.css";

const FONT = { fontFamily: "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif" };
const READABLE_ZOOM = 0.85;
const ZOOM_STEP = 1.25;

/** Read {xml | xml_url, labels, tokens, completed, path} from the element. */
function readData(element) {
  const script = element.querySelector("script[data-diagram-data]");
  return JSON.parse(script.textContent);
}

async function readXml({ xml, xml_url: url }) {
  if (xml) return xml;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the diagram answered ${answer.status}`);
  return answer.text();
}

function makeViewer(container, element) {
  const words = { "Open {element}": element.dataset.openLabel };
  const translate = (template, values = {}) =>
    (words[template] ?? template).replace(/{([^}]+)}/g, (_, key) => values[key] ?? `{${key}}`);
  return new NavigatedViewer({
    container,
    zoomScroll: { enabled: false }, // the wheel scrolls the page; buttons and keys zoom
    textRenderer: { defaultStyle: FONT, externalStyle: FONT },
    additionalModules: [{ translate: ["value", translate] }],
  });
}

/** Put the deployed translation of each name in the place of the name before it is drawn. */
function applyLabels(viewer, labels = {}) {
  viewer.get("eventBus").on("import.parse.complete", ({ elementsById = {} }) => {
    for (const [id, label] of Object.entries(labels)) {
      if (elementsById[id]) elementsById[id].name = label;
    }
  });
}

function mark(viewer, { tokens = [], completed = [], path = [] }) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const markAll = (ids, name) => {
    for (const id of ids) if (registry.get(id)) canvas.addMarker(id, name);
  };
  markAll(path, "is-taken");
  markAll(completed, "is-completed");
  markAll(tokens, "is-token");
  for (const id of tokens) if (registry.get(id)) addToken(viewer, id);
}

function addToken(viewer, id) {
  const token = document.createElement("span");
  token.className = "diagram-token";
  viewer.get("overlays").add(id, { position: { top: -10, left: -10 }, html: token });
}

/** The token in the smallest shape: not a subprocess around it, nor an event that waits at an edge. */
function deepest(viewer, tokens) {
  const registry = viewer.get("elementRegistry");
  const area = ({ width, height }) => width * height;
  const drawn = tokens.map((id) => registry.get(id)).filter((shape) => shape && !shape.host);
  return drawn.sort((one, other) => area(one) - area(other))[0];
}

/** Show the whole diagram, or, where that would be too small to read, the part with the token. */
function frame(viewer, tokens = []) {
  const canvas = viewer.get("canvas");
  if (canvas.zoom("fit-viewport", "auto") >= READABLE_ZOOM) return;
  const focus = deepest(viewer, tokens);
  if (!focus) return;
  canvas.zoom(READABLE_ZOOM);
  const { outer } = canvas.viewbox();
  const width = outer.width / READABLE_ZOOM;
  const height = outer.height / READABLE_ZOOM;
  const x = focus.x + focus.width / 2 - width / 2;
  const y = focus.y + focus.height / 2 - height / 2;
  canvas.viewbox({ x, y, width, height });
}

function addButtons(viewer, element) {
  const canvas = viewer.get("canvas");
  const bar = document.createElement("div");
  bar.className = "diagram-buttons";
  const add = (sign, label, act) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-light", textContent: sign });
    button.setAttribute("aria-label", label ?? sign);
    button.addEventListener("click", act);
    bar.append(button);
  };
  add("+", element.dataset.zoomIn, () => canvas.zoom(canvas.zoom() * ZOOM_STEP));
  add("−", element.dataset.zoomOut, () => canvas.zoom(canvas.zoom() / ZOOM_STEP));
  add("⤢", element.dataset.zoomFit, () => canvas.zoom("fit-viewport", "auto"));
  element.append(bar);
}

/** A finger moves the diagram sideways; up and down it scrolls the page, as everywhere else. */
function followFinger(viewer, container) {
  let last = null;
  container.addEventListener("pointerdown", (event) => {
    last = event.pointerType === "touch" ? event.clientX : null;
  });
  container.addEventListener("pointermove", (event) => {
    if (last === null) return;
    viewer.get("canvas").scroll({ dx: event.clientX - last, dy: 0 });
    last = event.clientX;
  });
  for (const name of ["pointerup", "pointercancel"]) {
    container.addEventListener(name, () => (last = null));
  }
}

/** Draw the diagram of `element`; called once it comes into view. */
export async function draw(element) {
  const data = readData(element);
  const xml = await readXml(data);
  const container = document.createElement("div");
  container.className = "diagram-canvas";
  element.append(container);
  const viewer = makeViewer(container, element);
  applyLabels(viewer, data.labels);
  await viewer.importXML(xml);
  mark(viewer, data);
  frame(viewer, data.tokens);
  addButtons(viewer, element);
  followFinger(viewer, container);
}
