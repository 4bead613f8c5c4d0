// Which pictures fit an answer, and with which columns. The query's `#+ chart:` line goes first; what it does not say is
// guessed from the kinds of the columns, and the visitor can choose otherwise.

const ROLES = {
  chart: ["label", "value"],
  matrix: ["rows", "columns", "cell"],
  map: ["lat", "long", "size"],
  timeline: ["label", "start", "end"],
  graph: ["from", "to", "size"],
};
const KINDS = { bar: "chart", matrix: "matrix", map: "map", timeline: "timeline", network: "graph" };
const MAX_KINDS = 80;

/** `{view: [columns]}` for each picture that fits; `preferred` is the one that the query asks for. */
export function pictures(answer, hint) {
  const [kind, ...named] = hint.split(/\s+/).filter(Boolean);
  const wanted = KINDS[kind];
  const found = {};
  for (const view of Object.keys(ROLES)) {
    const hinted = view === wanted ? named.map((name) => answer.column(name)) : [];
    const columns = GUESSES[view](answer, hinted.includes(undefined) ? [] : hinted);
    if (columns && answer.rows.length) found[view] = columns;
  }
  return { found, preferred: wanted in found ? wanted : "table" };
}

/** What each column of a picture is for. */
export function rolesOf(view) {
  return ROLES[view];
}

/** The columns that may play a role; a role at the end may be left empty. */
export function candidates(answer, view, role) {
  const { columns } = answer;
  if (role === "value" || role === "lat" || role === "long") return columns.filter((column) => column.numeric);
  if (role === "size") return [null, ...columns.filter((column) => column.numeric)];
  if (role === "start") return columns.filter((column) => column.dated);
  if (role === "end") return [null, ...columns.filter((column) => column.dated)];
  if (role === "cell") return [null, ...columns];
  return columns.filter((column) => !column.numeric || role === "rows" || role === "columns");
}

const GUESSES = {
  chart(answer, hinted) {
    const [label, ...values] = hinted;
    const numeric = values.length
      ? values.filter((column) => column.numeric)
      : answer.columns.filter((column) => column.numeric && !isPlace(column));
    const name = label ?? textual(answer)[0];
    return name && numeric.length ? [name, ...numeric.slice(0, values.length || 1)] : null;
  },
  matrix(answer, hinted) {
    if (hinted.length >= 2) return [hinted[0], hinted[1], hinted[2] ?? null];
    const few = textual(answer).filter((column) => kindsIn(answer, column) <= MAX_KINDS && !column.long);
    if (few.length < 2) return null;
    return [few[0], few[1], few[2] ?? answer.columns.find((column) => column.numeric) ?? null];
  },
  map(answer, hinted) {
    const named = (pattern) => answer.columns.find((column) => column.numeric && pattern.test(column.name));
    const [lat, long] = hinted.length >= 2 ? hinted : [named(/^lat(itude)?$/i), named(/^(long?|lng|longitude)$/i)];
    if (!lat || !long) return null;
    return [
      lat,
      long,
      hinted[2] ?? answer.columns.find((column) => column.numeric && column !== lat && column !== long) ?? null,
    ];
  },
  timeline(answer, hinted) {
    if (hinted.length >= 2) return [hinted[0], hinted[1], hinted[2] ?? null];
    const dated = answer.columns.filter((column) => column.dated);
    const label = hinted[0] ?? textual(answer).find((column) => !column.dated);
    return dated.length && label ? [label, dated[0], dated[1] ?? null] : null;
  },
  graph(answer, hinted) {
    const [from, to, size] = hinted.length >= 2 ? hinted : answer.columns.filter((column) => column.iri);
    return from && to ? [from, to, size?.numeric ? size : null] : null;
  },
};

function textual(answer) {
  return answer.columns.filter((column) => !column.numeric);
}

function isPlace(column) {
  return /^(lat|long?|lng|latitude|longitude)$/i.test(column.name);
}

function kindsIn(answer, column) {
  return new Set(answer.rows.map((row) => answer.text(row, column))).size;
}
