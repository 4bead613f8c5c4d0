// What is shown, as files: CSV for spreadsheets, JSON for programs.

import { iri, knowingOf } from "./model.js";
import { sides } from "./network.js";
import { rowsOf } from "./table.js";
import { rolesOf, tellCounts, tellEdge, tellFilters, tellMode, traitsOf } from "./telling.js";

const FORMULA = /^[=+\-@\t\r]/;

/** A cell of a CSV file (RFC 4180); a text that a spreadsheet would run as a formula gets an apostrophe in front. */
const cell = (value) => {
  const text = typeof value === "number" ? String(value) : String(value ?? "");
  const neutral = typeof value !== "number" && FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
};

const csv = (rows) => `${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

/** All claims on which an edge rests, with the nodes that they are about. */
export const citesOf = (edge) => (edge.shared ? edge.shared.flatMap((thing) => sides(edge, thing).flat()) : edge.cites);

const claimsOf = (edge) => [...new Set(citesOf(edge).map(({ claim }) => claim))].sort((a, b) => a - b);

export const nodesCsv = (app) => {
  const { model } = app;
  const rows = rowsOf(app, "nodes").rows.map(({ node, degree }) => {
    const traits = node.mode === "pilot" ? traitsOf(app, node.index) : {};
    return [
      iri(model, node.id),
      node.label,
      tellMode(app, node.mode),
      degree,
      ...["pillar", "status", "programme", "domain", "goal"].map((facet) => (traits[facet] ?? []).join("; ")),
      node.start,
      node.end,
    ];
  });
  return csv([
    ["iri", "label", "what", "links", "pillar", "status", "programme", "domains", "goals", "start", "end"],
    ...rows,
  ]);
};

export const linksCsv = (app) => {
  const { model } = app;
  const rows = rowsOf(app, "links").rows.map(({ edge }) => [
    iri(model, model.nodes[edge.a].id),
    model.nodes[edge.a].label,
    iri(model, model.nodes[edge.b].id),
    model.nodes[edge.b].label,
    edge.layer,
    edge.weight,
    tellEdge(app, edge),
    edge.knowing,
    claimsOf(edge)
      .map((claim) => iri(model, model.claims[claim].id))
      .join(" "),
  ]);
  return csv([["from", "from_label", "to", "to_label", "layer", "weight", "what", "known", "claims"], ...rows]);
};

/** Everything that is shown, with the claims behind it and their passages. */
export const toJson = (app) => {
  const { model, network, state } = app;
  const claims = new Map();
  for (const edge of network.edges) for (const number of claimsOf(edge)) claims.set(number, model.claims[number]);
  const passage = ({ source, ...rest }) => ({ source: model.sources[source].slug, ...rest });
  const document = {
    title: model.title,
    edition: model.edition,
    licence: model.licence,
    language: model.language,
    view: state.view,
    filters: tellFilters(app),
    counts: tellCounts(app),
    left_out: network.left,
    nodes: network.nodes.map((index) => {
      const { id, label, mode, start, end } = model.nodes[index];
      return {
        iri: iri(model, id),
        label,
        mode,
        start,
        end,
        links: network.degree.get(index),
        ...(mode === "pilot" ? traitsOf(app, index) : {}),
      };
    }),
    links: network.edges.map((edge) => ({
      from: iri(model, model.nodes[edge.a].id),
      to: iri(model, model.nodes[edge.b].id),
      layer: edge.layer,
      weight: edge.weight,
      known: edge.knowing,
      shared: edge.shared?.map((thing) => iri(model, model.nodes[thing].id)),
      roles: edge.layer === "actor" && edge.cites ? rolesOf(app, edge.cites) : undefined,
      claims: claimsOf(edge).map((claim) => iri(model, model.claims[claim].id)),
    })),
    claims: [...claims]
      .sort(([a], [b]) => a - b)
      .map(([number, claim]) => ({
        iri: iri(model, claim.id),
        known: knowingOf(model, [{ claim: number }]),
        role: model.roles[claim.role]?.label,
        detail: claim.detail,
        named_as: claim.named,
        note: claim.note,
        passages: claim.passages.map((found) => passage(model.passages[found])),
      })),
  };
  return `${JSON.stringify(document, null, 1)}\n`;
};
