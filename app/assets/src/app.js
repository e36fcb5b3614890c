// What every page loads: htmx and the small things that make the plain HTML pleasant.
// Each behaviour is asked for by a data attribute (see README.md) and missed by nobody without it.

import "./js/htmx.js";
import "./js/choose.js";
import "./js/conditions.js";
import "./js/copy.js";
import "./js/draft.js";
import "./js/keyboard.js";
import "./js/lazy.js";
import "./js/nav.js";
import "./js/photos.js"; // before once.js: a form that waits for its photos has not been sent
import "./js/position.js";
import "./js/print.js";
import "./js/replies.js";
import "./js/sizes.js"; // behind photos.js, which makes them smaller, and before once.js
import "./js/once.js";
import "./js/steps.js"; // behind once.js: what was sent already comes to no step
import "./js/upload.js";
import { start } from "./js/enhance.js";

start();
