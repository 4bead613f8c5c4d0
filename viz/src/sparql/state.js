// The state of the page, in the part of the address that no host is told: the query, its parameters, the view.

const RESERVED = new Set(["query", "text", "view", "run", "rows", "seconds", "sort", "filter", "columns"]);

/** Reads the state from an address's fragment. */
export function readState(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { query: given.get("query") ?? "", text: given.get("text"), values: {}, run: given.get("run") === "1" };
  for (const name of ["view", "sort", "filter", "columns"]) state[name] = given.get(name) ?? "";
  for (const name of ["rows", "seconds"]) state[name] = Number(given.get(name)) || 0;
  for (const [key, value] of given) {
    const name = key.startsWith("p.") ? key.slice(2) : key;
    if (!RESERVED.has(key)) state.values[name] = value;
  }
  return state;
}

/** Writes the state as a fragment; what is as usual is left out. */
export function writeState({ query, text, values, view, rows, seconds, sort, filter, columns, run }) {
  const given = new URLSearchParams();
  if (query) given.set("query", query);
  if (text !== null && text !== undefined) given.set("text", text);
  for (const [name, value] of Object.entries(values)) {
    if (value !== "") given.set(RESERVED.has(name) ? `p.${name}` : name, value);
  }
  for (const [name, value] of Object.entries({ view, columns, sort, filter, rows, seconds }))
    if (value) given.set(name, value);
  if (run && text !== null && text !== undefined) given.set("run", "1");
  const written = given.toString();
  return written ? `#${written}` : "";
}
