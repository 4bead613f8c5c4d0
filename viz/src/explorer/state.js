// What the reader has chosen, and its form in the address bar.

import { FACETS, LAYERS } from "./model.js";

export const VIEWS = ["actor", "goal", "domain", "place", "pilots", "actors"];
export const WEIGHTS = ["count", "newman", "inverse"];
export const FILTERS = [...FACETS, "role", "source"];
export const TABS = ["picture", "show", "table", "why"];

/** The state in which the page opens. */
export const initial = () => ({
  view: "actor",
  kinds: false,
  funders: true,
  layers: ["relation", "actor"],
  weight: "newman",
  filters: Object.fromEntries(FILTERS.map((name) => [name, []])),
  month: null,
  around: [],
  chosen: null,
  clusters: false,
  tidy: false,
  pins: {},
  tab: "picture",
  list: "nodes",
  sort: null,
  camera: null,
});

const list = (values) => values.map(encodeURIComponent).join(",");
const unlist = (text) => text.split(",").filter(Boolean).map(decodeURIComponent);
const numbers = (text) => text.split(",").map(Number);

/** Write a state for the address bar: only what differs from the opening state. */
export const toHash = (state) => {
  const start = initial();
  const out = [];
  const put = (key, value) => out.push(`${key}=${value}`);
  for (const key of ["view", "weight", "tab", "list"]) if (state[key] !== start[key]) put(key, state[key]);
  for (const key of ["kinds", "funders", "clusters", "tidy"])
    if (state[key] !== start[key]) put(key, state[key] ? 1 : 0);
  if (list(state.layers) !== list(start.layers)) put("layers", list(state.layers));
  for (const name of FILTERS) if (state.filters[name].length) put(name, list(state.filters[name]));
  if (state.month) put("month", state.month);
  if (state.around.length) put("around", list(state.around));
  if (state.chosen) put("chosen", encodeURIComponent(state.chosen));
  if (state.sort) put("sort", `${state.sort.by},${state.sort.down ? "down" : "up"}`);
  const pins = Object.entries(state.pins).map(([id, [x, y]]) => `${encodeURIComponent(id)}:${x}:${y}`);
  if (pins.length) put("pins", pins.join(","));
  if (state.camera) put("camera", state.camera.join(","));
  return out.join("&");
};

/** Read a state from the address bar; what it does not say, or says wrongly, is as at the opening. */
export const fromHash = (hash) => {
  const state = initial();
  const one = (key, value, known) => known.includes(value) && (state[key] = value);
  for (const pair of hash.replace(/^#/, "").split("&")) {
    const [key, value = ""] = pair.split("=");
    try {
      if (key === "view") one(key, value, VIEWS);
      else if (key === "weight") one(key, value, WEIGHTS);
      else if (key === "tab") one(key, value, TABS);
      else if (key === "list") one(key, value, ["nodes", "links"]);
      else if (["kinds", "funders", "clusters", "tidy"].includes(key)) state[key] = value === "1";
      else if (key === "layers") state.layers = LAYERS.filter((layer) => unlist(value).includes(layer));
      else if (FILTERS.includes(key)) state.filters[key] = unlist(value);
      else if (key === "month") state.month = /^\d{4}-\d{2}$/.test(value) ? value : null;
      else if (key === "around") state.around = unlist(value);
      else if (key === "chosen") state.chosen = decodeURIComponent(value);
      else if (key === "sort") state.sort = { by: value.split(",")[0], down: value.endsWith(",down") };
      else if (key === "pins") state.pins = Object.fromEntries(value.split(",").map(pin).filter(Boolean));
      else if (key === "camera" && numbers(value).length === 3 && numbers(value).every(Number.isFinite))
        state.camera = numbers(value);
    } catch (error) {
      // An address that was cut off in the middle of an escape says nothing for this key.
      if (!(error instanceof URIError)) throw error;
    }
  }
  return state;
};

const pin = (text) => {
  const [id, x, y] = text.split(":");
  return Number.isFinite(Number(x)) && Number.isFinite(Number(y)) && y !== undefined
    ? [decodeURIComponent(id), [Number(x), Number(y)]]
    : null;
};
