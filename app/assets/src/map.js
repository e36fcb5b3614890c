// [data-map]: the grids' own outlines as a map, without any tile server. With data-input it picks a
// point: by click, by keyboard (arrows move the map, Enter takes its middle) or by the device.

import L from "leaflet";
import { featureAt } from "./js/geometry.js";
import "./css/map.css";

const DIGITS = 6; // of a degree: about ten centimetres
const STYLE = { color: "#5b6b7b", weight: 1, fillColor: "#dfe7ee", fillOpacity: 0.6 };
const CHOSEN = { color: "#0b5c8a", weight: 3, fillColor: "#8fc1dd", fillOpacity: 0.7 };
const CLOSEST_ZOOM = 17;

function readPoint(text) {
  const numbers = /^\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*(?:;.*)?$/.exec(text ?? "");
  return numbers ? L.latLng(Number(numbers[1]), Number(numbers[2])) : null;
}

const writePoint = ({ lat, lng }) => `${lat.toFixed(DIGITS)},${lng.toFixed(DIGITS)}`;

class GridMap {
  constructor(element, grids) {
    const { dataset } = element;
    this.element = element;
    this.words = dataset;
    this.grids = grids;
    this.input = dataset.input ? document.querySelector(dataset.input) : null;
    this.gridInput = dataset.gridInput ? document.querySelector(dataset.gridInput) : null;
    // with data-by-hand a point may be picked only while that part of the form is unfolded
    this.byHand = dataset.byHand ? document.querySelector(dataset.byHand) : null;
    this.status = document.querySelector(`[data-map-status="#${element.id}"]`);
    this.marker = null;
    this.chosen = null;
  }

  open() {
    this.element.replaceChildren();
    this.map = L.map(this.element, {
      attributionControl: false,
      zoomControl: false,
      preferCanvas: true,
      scrollWheelZoom: false,
      maxZoom: CLOSEST_ZOOM + 2,
    });
    L.control
      .zoom({ zoomInTitle: this.words.zoomIn ?? "+", zoomOutTitle: this.words.zoomOut ?? "−" })
      .addTo(this.map);
    this.layer = L.geoJSON(this.grids, { style: STYLE, interactive: false }).addTo(this.map);
    this.map.fitBounds(this.layer.getBounds());
    const point = readPoint(this.input?.value ?? this.words.point);
    if (point) this.show(point);
    if (this.input) this.listen();
  }

  listen() {
    this.element.classList.add("is-picker");
    this.map.on("click", ({ latlng }) => this.choose(latlng));
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.element) return;
      event.preventDefault();
      this.choose(this.map.getCenter());
    });
    this.input.addEventListener("change", () => {
      const point = readPoint(this.input.value);
      if (point) this.show(point);
    });
    const locate = document.querySelector(`[data-map-locate="#${this.element.id}"]`);
    if (locate && navigator.geolocation) this.offerPosition(locate);
  }

  offerPosition(button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      this.say(this.words.locating);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.choose(L.latLng(coords.latitude, coords.longitude)),
        () => this.say(this.words.locateFailed),
        { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
      );
    });
  }

  choose(point) {
    if (this.byHand && !this.byHand.open) return;
    this.input.value = writePoint(point) + (this.byHand ? ";map" : "");
    this.show(point);
    for (const kind of ["input", "change"]) this.input.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  show(point) {
    this.marker?.remove();
    const icon = L.divIcon({ className: "map-pin", iconSize: [24, 24], iconAnchor: [12, 24] });
    this.marker = L.marker(point, { icon, keyboard: false, interactive: false }).addTo(this.map);
    const grid = featureAt([point.lng, point.lat], this.grids);
    this.highlight(grid);
    if (this.gridInput) this.gridInput.value = grid?.properties.code ?? "";
    this.say(grid ? grid.properties.name : this.words.outside);
    if (this.map.getBounds().contains(point)) return;
    if (grid) this.map.setView(point);
    else this.map.fitBounds(this.layer.getBounds().extend(point)); // so that one sees where it lies
  }

  highlight(grid) {
    this.chosen?.remove();
    this.chosen = grid ? L.geoJSON(grid, { style: CHOSEN, interactive: false }).addTo(this.map) : null;
  }

  say(text) {
    if (this.status) this.status.textContent = text ?? "";
  }
}

/** Draw the map of `element`; called once it comes into view. */
export async function draw(element) {
  const answer = await fetch(element.dataset.geojsonUrl, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the map's outlines answered ${answer.status}`);
  new GridMap(element, await answer.json()).open();
}
