// What the page tells its scripts, and where things are.

import { Engine } from "./engine.js";
import { modelOf, PG } from "./model.js";

const SAFE_PATH = /^[A-Za-z0-9._~/-]+$/;

/** The data block of the page. */
export function readSettings() {
  return JSON.parse(document.getElementById("settings").textContent);
}

/** The library of questions with its prefixes and rules, fetched once. */
export function libraryOf(settings) {
  let library;
  return () => {
    library ??= fetch(settings.queries).then((response) => {
      if (!response.ok) throw new Error(`${settings.queries}: ${response.status}`);
      return response.json();
    });
    library.catch(() => {
      library = undefined;
    });
    return library;
  };
}

/** The engine on the data of the page; nothing is loaded yet. */
export function engineOf(settings, library) {
  const files = {
    worker: `${settings.root}assets/sparql-worker.js`,
    module: `${settings.root}assets/oxigraph.wasm.gz`,
    data: settings.data,
  };
  return new Engine(files, async () => modelOf(settings.base, (await library()).rules ?? []));
}

/** The page of this site about a thing or a term; null if there is none. */
export function pageOf(iri, { base, root, lang, kinds }) {
  if (iri.startsWith(PG)) {
    const name = iri.slice(PG.length);
    return SAFE_PATH.test(name) ? `${root}${lang}/def/${name}.html` : null;
  }
  const path = iri.startsWith(`${base}id/`) ? iri.slice(base.length + 3) : "";
  const isPage = kinds.includes(path.split("/")[0]) && SAFE_PATH.test(path) && !path.includes("..");
  return isPage ? `${root}${lang}/${path}.html` : null;
}

/** Whether an IRI may be followed in a browser. */
export function isWeb(iri) {
  return /^https?:\/\//i.test(iri);
}

/** The outline of the land for maps, as GeoJSON; null without one. */
export async function outlineOf({ outline }) {
  if (!outline) return null;
  const response = await fetch(outline);
  return response.ok ? response.json() : null;
}

/** Why the page cannot work here; empty if it can. */
export function obstacle(texts) {
  if (location.protocol === "file:") return texts.fromFile;
  return "WebAssembly" in window && "DecompressionStream" in window ? "" : texts.unsupported;
}
