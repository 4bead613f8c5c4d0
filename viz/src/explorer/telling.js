// Says in words what a node, an edge or a claim is; shared by the picture's voice, the table, the panel and the exports.

import { FACETS, KNOWING } from "./model.js";

const IS = {
  pilot: "isPilot",
  organisation: "isOrganisation",
  kind: "isKind",
  goal: "isGoal",
  domain: "isDomain",
  place: "isPlace",
  programme: "isProgramme",
};
const COUNTED = {
  pilot: "pilotsN",
  organisation: "organisationsN",
  kind: "kindsN",
  goal: "goalsN",
  domain: "domainsN",
  place: "placesN",
};

/** Each text once, in the order of the language. */
export const distinct = (texts, language) => [...new Set(texts)].sort((a, b) => a.localeCompare(b, language));

export const tellMode = ({ say }, mode) => say(IS[mode] ?? mode);

export const rolesOf = ({ model }, cites) =>
  distinct(cites.map(({ claim }) => model.roles[model.claims[claim].role]?.label).filter(Boolean), model.language);

/** What an edge says: roles, or what both ends have. */
export const tellEdge = (app, edge) => {
  const { model, say } = app;
  if (edge.shared) return edge.shared.map((thing) => model.nodes[thing].label).join("; ");
  if (edge.layer === "relation")
    return distinct(
      edge.cites.map(({ claim }) => model.claims[claim].detail),
      model.language,
    ).join(", ");
  return rolesOf(app, edge.cites).join(", ") || say(edge.layer);
};

/** The labels of what a pilot is filtered on, by facet. */
export const traitsOf = ({ model }, index) =>
  Object.fromEntries(
    FACETS.map((facet) => [
      facet,
      distinct(
        [...model.traits[facet][index]].map((value) => model.nodes[value].label),
        model.language,
      ),
    ]),
  );

export const tellPeriod = ({ say }, { start, end }) => {
  if (start && end) return say("periodBoth", { start, end });
  if (start) return say("periodFrom", { start });
  return end ? say("periodTo", { end }) : say("periodNone");
};

/** Count the nodes by what they are, and the links. */
export const tellCounts = ({ model, network, say, number }) => {
  const counts = new Map();
  for (const index of network.nodes)
    counts.set(model.nodes[index].mode, (counts.get(model.nodes[index].mode) ?? 0) + 1);
  const parts = [...counts]
    .map(([mode, n]) => say(COUNTED[mode] ?? "nodesN", { n }))
    .map((text) => text.replace(/\d+/, (n) => number(Number(n))));
  return [...parts, counted({ say, number }, "linksN", network.edges.length)].join(", ");
};

export const counted = ({ say, number }, key, n) => say(key, { n }).replace(String(n), number(n));

/** How a link is known, where that is not simply that a source states it. */
export const tellKnowing = ({ say }, knowing) => (knowing === KNOWING[0] ? "" : say(`knowing_${knowing}`));

/** A passage as printed: its first and last words. */
export const quote = ({ first, last }) => (first === last ? first : `${first} … ${last}`);

/** What is left out or added, in words: for the notice, the print and the files. */
export const tellFilters = (app) => {
  const { model, state, say, monthWords } = app;
  const name = (facet, id) => {
    if (facet === "role") return model.roles.find(({ slug }) => slug === id)?.label ?? id;
    if (facet === "source") return model.sources.find(({ slug }) => slug === id)?.label ?? id;
    return model.nodes[model.byId.get(id)]?.label ?? id;
  };
  const said = Object.entries(state.filters)
    .filter(([, ids]) => ids.length)
    .map(([facet, ids]) => `${say(`facet_${facet}`)}: ${ids.map((id) => name(facet, id)).join(", ")}`);
  if (state.month) said.push(say("ranIn", { month: monthWords(state.month) }));
  if (!state.funders) said.push(say("withoutFunders"));
  if (state.kinds && ["actor", "actors", "pilots"].includes(state.view)) said.push(say("withKinds"));
  const around = state.around.map((id) => model.nodes[model.byId.get(id)]?.label).filter(Boolean);
  if (around.length) said.push(say("aroundSaid", { names: around.join(", ") }));
  return said;
};
