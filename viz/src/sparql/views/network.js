// A network: what stands in two columns of a row is linked. The layout is Fruchterman and Reingold's (1991), begun from
// fixed places, so that the same answer is always drawn the same.

import { h, svg } from "../dom.js";
import { letters, placed } from "./placing.js";

const MOST_LINKS = 1200;
const WIDTH = 900;
const ROUNDS = 220;
const MOST_NAMES = 80;
const LETTER = 13;

export function network({ answer, rows, columns: [from, to, size], texts, pageOf }) {
  const links = [];
  const nodes = new Map();
  const kinds = [];
  const node = (cell) => {
    const key = cell.iri ?? cell.text;
    if (!nodes.has(key)) nodes.set(key, { ...cell, side: sideOf(cell.iri, kinds), degree: 0 });
    return nodes.get(key);
  };
  for (const row of rows) {
    const [left, right] = [answer.cell(row, from), answer.cell(row, to)];
    if (!left.text || !right.text) continue;
    links.push({ a: node(left), b: node(right), weight: size ? (answer.number(row, size) ?? 1) : 1 });
  }
  return drawn(merged(links).slice(0, MOST_LINKS), links.length > MOST_LINKS, texts, pageOf);
}

/** Things of the first kind are circles, of any other kind squares. */
function sideOf(iri, kinds) {
  const kind = iri?.slice(0, iri.lastIndexOf("/")) ?? "";
  if (!kinds.length) kinds.push(kind);
  return kind === kinds[0] ? 0 : 1;
}

/** The network of the triples of a graph: subjects and objects that are things. */
export function networkOfTriples({ quads, labels, short, texts, pageOf }) {
  const nodes = new Map();
  const node = ({ value }) => {
    if (!nodes.has(value))
      nodes.set(value, { text: labels.get(value) || short(value), iri: value, side: 0, degree: 0 });
    return nodes.get(value);
  };
  const links = quads
    .filter(([, , object]) => object.type !== "literal")
    .map(([subject, , object]) => ({ a: node(subject), b: node(object), weight: 1 }));
  return drawn(merged(links).slice(0, MOST_LINKS), links.length > MOST_LINKS, texts, pageOf);
}

/** One line for all links between the same two. */
function merged(links) {
  const found = new Map();
  for (const link of links) {
    const key = [link.a.iri ?? link.a.text, link.b.iri ?? link.b.text].join("\n");
    if (found.has(key)) found.get(key).weight += link.weight;
    else found.set(key, link);
  }
  return [...found.values()];
}

function drawn(links, isCut, texts, pageOf) {
  const nodes = [...new Set(links.flatMap(({ a, b }) => [a, b]))];
  for (const { a, b } of links) {
    a.degree += 1;
    b.degree += 1;
  }
  const height = Math.round(Math.min(760, 200 + 34 * Math.sqrt(nodes.length) * 2.4));
  settle(nodes, links, height);
  const heaviest = Math.max(1, ...links.map((link) => link.weight));
  const lines = links.map(({ a, b, weight }) =>
    svg("line", {
      class: "sq-link",
      x1: a.x,
      y1: a.y,
      x2: b.x,
      y2: b.y,
      "stroke-width": (1 + (3 * weight) / heaviest).toFixed(1),
    }),
  );
  const ranked = [...nodes].sort((a, b) => b.degree - a.degree);
  for (const node of ranked) node.radius = 4.5 + Math.sqrt(node.degree) * 1.7;
  const labelled = placed(ranked, { width: WIDTH, size: letters(LETTER), most: MOST_NAMES });
  const marks = ranked.map((node) => mark(node, labelled.get(node), pageOf));
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${height}`,
      class: "sq-network",
      "font-size": letters(LETTER),
      role: "group",
      "aria-label": texts.views.graph,
    },
    lines,
    marks,
  );
  const note = `${texts.graphNote(nodes.length, links.length)}${isCut ? ` ${texts.graphCut(MOST_LINKS)}` : ""}`;
  return h("figure", {}, picture, h("figcaption", { class: "soft small" }, note));
}

function mark(node, label, pageOf) {
  const { radius } = node;
  const box = { x: node.x - radius, y: node.y - radius, width: 2 * radius, height: 2 * radius };
  const shape = node.side
    ? svg("rect", { class: "sq-node side-1", ...box })
    : svg("circle", { class: "sq-node side-0", cx: node.x, cy: node.y, r: radius });
  const text = label ? svg("text", { x: label.x, y: label.y, "text-anchor": label.anchor }, label.text) : null;
  const page = node.iri ? pageOf(node.iri) : null;
  const parts = [svg("title", {}, node.text), shape, text].filter(Boolean);
  return page ? svg("a", { href: page, "aria-label": node.text }, parts) : svg("g", {}, parts);
}

function settle(nodes, links, height) {
  const ideal = 0.9 * Math.sqrt((WIDTH * height) / Math.max(nodes.length, 1));
  nodes.forEach((node, at) => {
    const angle = at * 2.399963;
    const radius = 12 * Math.sqrt(at);
    Object.assign(node, {
      x: WIDTH / 2 + radius * Math.cos(angle),
      y: height / 2 + radius * Math.sin(angle),
      dx: 0,
      dy: 0,
    });
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const heat = (WIDTH / 12) * (1 - round / ROUNDS) ** 2 + 0.5;
    repel(nodes, ideal);
    attract(links, ideal);
    for (const node of nodes) {
      const length = Math.hypot(node.dx, node.dy) || 1;
      const step = Math.min(length, heat);
      node.x += (node.dx / length) * step + (WIDTH / 2 - node.x) * 0.012;
      node.y += (node.dy / length) * step + (height / 2 - node.y) * 0.016;
      node.dx = 0;
      node.dy = 0;
    }
  }
  fit(nodes, height);
}

function repel(nodes, ideal) {
  for (let i = 0; i < nodes.length; i += 1) {
    for (let j = i + 1; j < nodes.length; j += 1) {
      const [a, b] = [nodes[i], nodes[j]];
      const [dx, dy] = [a.x - b.x || 0.01, a.y - b.y || 0.01];
      const force = (ideal * ideal) / (dx * dx + dy * dy);
      a.dx += dx * force;
      a.dy += dy * force;
      b.dx -= dx * force;
      b.dy -= dy * force;
    }
  }
}

function attract(links, ideal) {
  for (const { a, b } of links) {
    const [dx, dy] = [a.x - b.x, a.y - b.y];
    const force = Math.hypot(dx, dy) / ideal;
    a.dx -= dx * force;
    a.dy -= dy * force;
    b.dx += dx * force;
    b.dy += dy * force;
  }
}

/** Stretches the layout over the picture. */
function fit(nodes, height) {
  const [left, right] = [Math.min(...nodes.map((node) => node.x)), Math.max(...nodes.map((node) => node.x))];
  const [top, bottom] = [Math.min(...nodes.map((node) => node.y)), Math.max(...nodes.map((node) => node.y))];
  const margin = 28;
  const stretch = (value, low, high, size) => margin + ((value - low) / Math.max(high - low, 1)) * (size - 2 * margin);
  for (const node of nodes) {
    node.x = Math.round(stretch(node.x, left, right, WIDTH) * 10) / 10;
    node.y = Math.round(stretch(node.y, top, bottom, height) * 10) / 10;
  }
}
