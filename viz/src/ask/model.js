// What can be asked without SPARQL, and the SPARQL that it makes. A thing to look for has features; a feature is a
// pattern over claims, so that every condition brings its proof along.

import { formatted } from "../sparql/format.js";
import { iriTerm, literalTerm } from "../sparql/terms.js";

// In a pattern ?x is what is looked for, ?value what it has, ?claim what says so; other variables are its own.
const SAYS = (kind, property) => `?claim a pg:${kind} ; pg:about ?x ; pg:${property} ?value .`;
const SAYS_WHEN = "?claim a pg:Period ; pg:about ?x ;";
const TAKES_PART = "?claim a pg:Participation ; pg:participant ?x ;";

const YEAR = (property) =>
  `${SAYS_WHEN} dcat:${property} ?date . FILTER NOT EXISTS { ?claim pg:part ?part } BIND(SUBSTR(STR(?date), 1, 4) AS ?value)`;

const OF_SUBJECT = [
  { id: "goal", pattern: SAYS("GoalAlignment", "goal") },
  { id: "organisation", pattern: `${SAYS("Participation", "participant")} ?value a pg:Organisation .` },
  { id: "group", pattern: `${SAYS("Participation", "participant")} ?value a pg:OrganisationKind .` },
  { id: "role", pattern: SAYS("Participation", "role") },
  { id: "place", pattern: "?claim a pg:Location ; pg:about ?x ; pg:place ?spot . ?spot dct:isPartOf* ?value ." },
  { id: "programme", pattern: `${SAYS("Relation", "other")} ?value a pg:Programme .` },
  { id: "related", pattern: `${SAYS("Relation", "other")} ?value a pg:Pilot .` },
  { id: "began", isText: true, pattern: YEAR("startDate") },
  { id: "ended", isText: true, pattern: YEAR("endDate") },
  { id: "amount", pattern: SAYS("Funding", "fundingKind") },
  { id: "unit", pattern: SAYS("Reach", "unit") },
  { id: "theme", pattern: "?claim a pg:Finding ; pg:about|pg:concerns ?x ; pg:theme ?value ." },
  {
    id: "clash",
    pattern:
      '?claim pg:contradictedBy ?clash ; pg:about ?x . ?clash pg:contradictionKind ?value .',
  },
  {
    id: "silent",
    pattern:
      '?claim a pg:Record ; pg:recordOf ?x . ?cover a pg:Coverage ; pg:about ?x ; pg:dimension ?value ; pg:knowing ?state . FILTER(STRENDS(STR(?state), "/not-stated"))',
  },
];
const OF_ACTOR = [
  { id: "pilot", pattern: `${TAKES_PART} pg:about ?value . ?value a pg:Pilot .` },
  { id: "programme", pattern: `${TAKES_PART} pg:about ?value . ?value a pg:Programme .` },
  { id: "role", pattern: `${TAKES_PART} pg:role ?value .` },
];
const OF_CLAIM = [
  { id: "pilot", pattern: "?x pg:about|pg:concerns ?value . ?value a pg:Pilot ." },
  { id: "programme", pattern: "?x pg:about ?value . ?value a pg:Programme ." },
  { id: "certainty", pattern: "?x pg:certainty ?value ." },
  { id: "source", pattern: "?x pg:evidence/oa:hasSource ?value ." },
];
const TEXT = (name, property) => ({
  names: [name],
  pattern: `?x pg:${property} ?${name} . FILTER(LANG(?${name}) = ?lang)`,
});
const VALUE = (name, property) => ({ names: [name], pattern: `?x ${property} ?${name} .` });
const ABOUT = {
  names: ["about", "aboutLabel"],
  pattern: "?x pg:about ?about . ?about skos:prefLabel ?aboutLabel . FILTER(LANG(?aboutLabel) = ?lang)",
};

/**
 * What can be looked for. `own` are its columns beside its name, `features` what can be said of it; a subject that
 * `isClaim` is its own proof, and has no name but what it is about.
 */
export const SUBJECTS = [
  { id: "pilot", class: "Pilot", own: [], features: OF_SUBJECT, hasDimensions: true },
  { id: "programme", class: "Programme", own: [], features: OF_SUBJECT, hasDimensions: true },
  {
    id: "organisation",
    class: "Organisation",
    own: [],
    features: [{ id: "kind", pattern: "?x org:classification ?value ." }, ...OF_ACTOR],
  },
  { id: "group", variable: "kind", class: "OrganisationKind", own: [], features: OF_ACTOR },
  {
    id: "place",
    class: "Place",
    own: [VALUE("lat", "geo:lat"), VALUE("long", "geo:long")],
    features: [
      { id: "pilot", pattern: "?claim a pg:Location ; pg:about ?value ; pg:place ?spot . ?spot dct:isPartOf* ?x ." },
      { id: "placeKind", pattern: "?x pg:placeKind ?value ." },
    ],
  },
  {
    id: "finding",
    class: "Finding",
    isClaim: true,
    own: [ABOUT, TEXT("text", "text")],
    features: [
      { id: "theme", pattern: "?x pg:theme ?value ." },
      { id: "findingKind", pattern: "?x pg:findingKind ?value ." },
      ...OF_CLAIM,
    ],
  },
  {
    id: "amount",
    variable: "funding",
    class: "Funding",
    isClaim: true,
    own: [ABOUT, VALUE("amount", "pg:amount"), VALUE("currency", "pg:currency"), TEXT("covers", "covers")],
    features: [
      { id: "fundingKind", pattern: "?x pg:fundingKind ?value ." },
      { id: "funder", pattern: "?x pg:funder ?value ." },
      ...OF_CLAIM,
    ],
  },
  {
    id: "number",
    variable: "reach",
    class: "Reach",
    isClaim: true,
    own: [ABOUT, VALUE("value", "pg:value"), VALUE("valueMax", "pg:valueMax"), TEXT("what", "what")],
    features: [{ id: "unit", pattern: "?x pg:unit ?value ." }, ...OF_CLAIM],
  },
  {
    id: "period",
    class: "Period",
    isClaim: true,
    own: [ABOUT, VALUE("start", "dcat:startDate"), VALUE("end", "dcat:endDate"), TEXT("part", "part")],
    features: OF_CLAIM,
  },
  {
    id: "contradiction",
    class: "Contradiction",
    isNameless: true,
    own: [TEXT("explanation", "explanation")],
    claims: "?x pg:joins ?joined .",
    features: [
      { id: "clashKind", pattern: "?x pg:contradictionKind ?value ." },
      { id: "severity", pattern: "?x pg:severity ?value ." },
      { id: "pilot", pattern: "?x pg:joins ?claim . ?claim pg:about ?value . ?value a pg:Pilot ." },
    ],
  },
];

/** The features of a subject: its own, and one for each dimension along which claims classify. */
export function featuresOf(subject, dimensions) {
  const classified = subject.hasDimensions ? dimensions : [];
  const made = classified.map(({ iri, label }) => ({
    id: `dimension-${iri.split("/").at(-1)}`,
    name: iri
      .split("/")
      .at(-1)
      .replace(/[^A-Za-z0-9]+(.)?/g, (_, letter) => (letter ?? "").toUpperCase()),
    label,
    pattern: `?claim a pg:Classification ; pg:about ?x ; pg:dimension ${iriTerm(iri)} ; pg:concept ?value .`,
  }));
  return [...made, ...subject.features.map((feature) => ({ name: feature.id, ...feature }))];
}

/** The dimensions of the data set. */
export const DIMENSIONS = `PREFIX pg: <https://w3id.org/pilotgraph/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?dimension ?label { ?claim a pg:Classification ; pg:dimension ?dimension . ?dimension skos:prefLabel ?label }`;

/**
 * The query for a wish: `{subject, conditions: [{feature, not, values}], show: [feature], by: feature | null}`.
 *
 * Conditions without values ask for nothing yet. `columns` names what stands in which column.
 */
export function queryFor(wish, lang, prefixes) {
  return wish.by ? countQuery(wish, lang, prefixes) : listQuery(wish, lang, prefixes);
}

/** How many of what is looked for have each value of a feature, given the other conditions. */
export function facetQuery({ subject, conditions }, feature, prefixes) {
  const x = `?${subject.variable ?? subject.id}`;
  const others = conditions.filter((condition) => condition.feature !== feature);
  const lines = [
    `${x} a pg:${subject.class} .`,
    patternOf(feature, x, "?value", "?says", ""),
    ...others.flatMap((condition, at) => conditionLines(condition, x, at)),
  ];
  return declared(
    `SELECT ?value ?label (COUNT(DISTINCT ${x}) AS ?n)
WHERE {
  ${lines.join("\n  ")}
  OPTIONAL { ?value skos:prefLabel ?label }
}
GROUP BY ?value ?label`,
    prefixes,
  );
}

/** How many of what is looked for have each feature at all. */
export function reachQuery(subject, features, prefixes) {
  const x = `?${subject.variable ?? subject.id}`;
  const branches = features.map(
    (feature, at) =>
      `{ ${x} a pg:${subject.class} . ${patternOf(feature, x, "?value", "?says", "")} BIND(${at} AS ?feature) }`,
  );
  return declared(
    `SELECT ?feature (COUNT(DISTINCT ${x}) AS ?n)
WHERE {
  ${branches.join("\n  UNION ")}
}
GROUP BY ?feature`,
    prefixes,
  );
}

function listQuery({ subject, conditions, show }, lang, prefixes) {
  const x = `?${subject.variable ?? subject.id}`;
  const columns = listed(conditions, show);
  const own = subject.own.flatMap(({ names }) => names.map((name) => `?${name}`));
  const name = hasName(subject) ? [`${x}Label`] : [];
  const where = [
    `${x} a pg:${subject.class} .`,
    ...name.map((each) => named(x, each, lang)),
    ...subject.own.map(
      ({ pattern }) => `OPTIONAL { ${pattern.replace(/\?x\b/g, x).replaceAll("?lang", literalTerm(lang))} }`,
    ),
    ...columns.flatMap((column) => columnLines(column, x, lang)),
    ...excluded(conditions, x),
    ...(subject.claims ? [subject.claims.replace(/\?x\b/g, x)] : []),
  ];
  const keys = hasName(subject) ? [x, ...name, ...own] : [...own, x];
  const lists = columns.map(({ stem, isAsked, feature }) => {
    const shown = feature.isText ? `?${stem}` : `?${stem}Label`;
    return `(GROUP_CONCAT(DISTINCT ${isAsked && feature.isText ? shown : orNothing(shown)}; separator="; ") AS ?${stem}List)`;
  });
  const first = name[0] ?? own.find((each) => each.endsWith("Label")) ?? own[0];
  return declared(
    `SELECT ${[keys.join(" "), ...lists, ...claimsOf(subject, columns, false)].join("\n  ")}
WHERE {
  ${where.join("\n  ")}
}
GROUP BY ${keys.join(" ")}
ORDER BY LCASE(COALESCE(STR(${first}), "")) ${x}`,
    prefixes,
  );
}

function countQuery({ subject, conditions, by }, lang, prefixes) {
  const x = `?${subject.variable ?? subject.id}`;
  const asked = apart([...included(conditions), { feature: by, values: [], isAsked: true }]);
  const { stem } = asked.at(-1);
  const where = [
    `${x} a pg:${subject.class} .`,
    ...asked.flatMap((column) => columnLines(column, x, lang, column.stem !== stem)),
    ...excluded(conditions, x),
    ...(subject.claims ? [subject.claims.replace(/\?x\b/g, x)] : []),
  ];
  const keys = by.isText ? [`?${stem}`] : [`?${stem}`, `?${stem}Label`];
  return declared(
    `SELECT ${[`${keys.join(" ")} (COUNT(DISTINCT ${x}) AS ?count)`, ...claimsOf(subject, asked, true)].join("\n  ")}
WHERE {
  ${where.join("\n  ")}
}
GROUP BY ${keys.join(" ")}
ORDER BY ${by.isText ? `?${stem}` : `DESC(?count) LCASE(STR(?${stem}Label)) ?${stem}`}`,
    prefixes,
  );
}

function included(conditions) {
  return conditions
    .filter(({ not, values }) => values.length && !not)
    .map((condition) => ({ ...condition, isAsked: true }));
}

function excluded(conditions, x) {
  return conditions.filter(({ not }) => not).flatMap((condition, at) => conditionLines(condition, x, at));
}

function listed(conditions, show) {
  const asked = included(conditions);
  const shown = show.filter((feature) => !asked.some((condition) => condition.feature === feature));
  return apart([...asked, ...shown.map((feature) => ({ feature, values: [] }))]);
}

function hasName(subject) {
  return !subject.isClaim && !subject.isNameless;
}

/** The features in the columns of the answer to a wish, by variable. */
export function columnsOf({ conditions, show, by }) {
  if (!by) return Object.fromEntries(listed(conditions, show).map(({ stem, feature }) => [`${stem}List`, feature]));
  const { stem } = apart([...included(conditions), { feature: by }]).at(-1);
  return { [stem]: by };
}

/** Gives each column a name of its own. */
function apart(columns) {
  const times = new Map();
  return columns.map((column) => {
    const { name } = column.feature;
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return { ...column, stem: `${name}Found${time > 1 ? time : ""}` };
  });
}

function named(thing, name, lang) {
  return `OPTIONAL { ${thing} skos:prefLabel ${name} . FILTER(LANG(${name}) = ${literalTerm(lang)}) }`;
}

/** The pattern of a feature, its variables named apart from those of other features. */
function patternOf({ pattern }, x, value, claim, suffix) {
  return pattern
    .replace(/\?x\b/g, x)
    .replace(/\?value\b/g, value)
    .replace(/\?claim\b/g, claim)
    .replace(/\?(spot|date|clash|cover|state|part)\b/g, `?$1${suffix}`);
}

function columnLines({ feature, values, isAsked, stem }, x, lang, isQuiet = false) {
  const pattern = patternOf(feature, x, `?${stem}`, `?${stem}Claim`, `Of${capital(stem)}`);
  const names = feature.isText || isQuiet ? [] : [named(`?${stem}`, `?${stem}Label`, lang)];
  if (!isAsked) return [`OPTIONAL { ${[pattern, ...names].join(" ")} }`];
  const chosen = values.length ? [choice(feature, `?${stem}`, values)] : [];
  return feature.isText ? [pattern, ...chosen] : [...chosen, pattern, ...names];
}

/** A condition without a column of its own. An engine works each of these groups out once, and EXISTS for every row. */
function conditionLines({ feature, not, values }, x, at) {
  if (!values.length) return [];
  const value = `?value${at + 1}`;
  const pattern = patternOf(feature, x, value, `?claim${at + 1}`, at + 1);
  const chosen = choice(feature, value, values);
  const body = feature.isText ? `${pattern} ${chosen}` : `${chosen} ${pattern}`;
  return [not ? `MINUS { ${body} }` : `{ SELECT DISTINCT ${x} WHERE { ${body} } }`];
}

function choice(feature, name, values) {
  const terms = values.map((value) => (feature.isText ? literalTerm(value) : iriTerm(value))).filter(Boolean);
  return `VALUES ${name} { ${terms.join(" ")} }`;
}

/** In some engines one unbound value leaves the whole list unbound. */
function orNothing(name) {
  return `COALESCE(STR(${name}), "")`;
}

/** The column that names the claims: a claim itself, or those of the conditions and of what is shown. */
function claimsOf(subject, columns, isGrouped) {
  const list = (name) => `GROUP_CONCAT(DISTINCT ${name}; separator=" ")`;
  const itself = `STR(?${subject.variable ?? subject.id})`;
  if (subject.isClaim) return [`(${isGrouped ? list(itself) : itself} AS ?claims)`];
  const claimed = columns.filter(({ feature }) => /\?claim\b/.test(feature.pattern));
  const names = claimed.map(({ stem, isAsked }) => list(isAsked ? `STR(?${stem}Claim)` : orNothing(`?${stem}Claim`)));
  if (subject.claims) names.push(list("STR(?joined)"));
  if (!names.length) return [];
  return [`(${names.length > 1 ? `CONCAT(${names.join(', " ", ')})` : names[0]} AS ?claims)`];
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function declared(text, prefixes) {
  const names = Object.keys(prefixes).filter((name) => new RegExp(`(?:^|[^\\w-])${name}:`).test(text));
  return formatted(
    `${names
      .sort()
      .map((name) => `PREFIX ${name}: <${prefixes[name]}>\n`)
      .join("")}${text}`,
  );
}
