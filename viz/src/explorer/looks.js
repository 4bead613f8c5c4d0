// How each node and edge looks: colour, shape and size say what it is and how it is known.

import { LAYERS } from "./model.js";

// More edges than this are drawn as bare lines.
export const MANY = 2500;
const PILOT = 6;
const THING = 4;

/** Give each pillar its colour, the largest pillar the first. */
export const pillarColours = (model, theme) => {
  const values = model.facets.find(({ name }) => name === "pillar")?.values ?? [];
  return new Map(values.map(({ id }, index) => [model.byId.get(id), theme.pillars[index % theme.pillars.length]]));
};

export const layerColour = (theme, layer) => theme.layers[LAYERS.indexOf(layer)];

/** Nodes shrink where there are many, or little room. */
const scaleFor = (count, room) =>
  Math.min(1, room / 620) ** 0.5 * Math.min(1, Math.max(0.35, Math.sqrt(180 / Math.max(count, 1))));

/** The looks of the nodes of a network, in a picture whose smaller side is `room` pixels. */
export const nodeLooks = (model, network, theme, room = 620) => {
  const pillars = pillarColours(model, theme);
  const scale = scaleFor(network.nodes.length, room);
  return (index) => {
    const node = model.nodes[index];
    const size =
      (node.mode === "pilot" ? PILOT : THING) + 1.1 * Math.sqrt(Math.min(network.degree.get(index) ?? 0, 100));
    const colour =
      node.mode === "pilot"
        ? (pillars.get([...model.traits.pillar[index]][0]) ?? theme.thing)
        : node.mode === "kind"
          ? theme.kind
          : theme.thing;
    const sure = (network.ranIn.get(index) ?? "yes") === "yes";
    return {
      shape: node.mode === "pilot" ? "disc" : node.mode === "kind" ? "diamond" : "square",
      size: size * scale,
      color: sure ? colour : theme.paper,
      rim: colour,
      rimWidth: sure ? 0 : 2,
    };
  };
};

/** Lines side by side for two pilots with several kinds of cross-link: how far each lies from the middle. */
const shifts = (edges) => {
  const strands = new Map();
  for (const { a, b } of edges) strands.set(`${a} ${b}`, (strands.get(`${a} ${b}`) ?? 0) + 1);
  const seen = new Map();
  return new Map(
    edges.map(({ key, a, b }) => {
      const pair = `${a} ${b}`;
      const place = seen.get(pair) ?? 0;
      seen.set(pair, place + 1);
      return [key, (place - (strands.get(pair) - 1) / 2) * 3.5];
    }),
  );
};

export const edgeLooks = (view, network, theme) => {
  const projected = view === "pilots" || view === "actors";
  const shift = view === "pilots" ? shifts(network.edges) : new Map();
  const heaviest = network.edges.reduce((most, { weight }) => Math.max(most, weight), 0);
  const many = network.edges.length > MANY;
  // So many lines lie over each other that each must be thin for their density to show.
  const share = Math.max(0.06, Math.min(0.5, 1600 / network.edges.length));
  return (edge) => {
    const strength = projected ? Math.sqrt(edge.weight / heaviest) : 1;
    const plain = projected || many ? theme.quiet : theme.edge;
    const full =
      edge.knowing === "contradicted" ? theme.warn : view === "pilots" ? layerColour(theme, edge.layer) : plain;
    return {
      type: many ? "hair" : "line",
      size: projected ? 0.8 + 3 * strength : many ? 0.8 : 1.3,
      // Where all is joined to all, what joins weakly steps back.
      color: many
        ? seeThrough(full, share * (0.4 + 0.6 * strength))
        : projected
          ? mixed(full, theme.paper, 0.2 + 0.8 * strength)
          : full,
      full,
      faint: many ? seeThrough(theme.quiet, share * 0.3) : theme["edge-faint"],
      // In projections every line follows from others: only in the others does a broken line tell something.
      broken: !projected && (edge.knowing === "assigned" || edge.knowing === "derived"),
      shift: shift.get(edge.key) ?? 0,
    };
  };
};

const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
const seeThrough = (hex, share) => `rgba(${channels(hex).join(",")},${share.toFixed(3)})`;

/** A colour thinned with another: so much of the first. */
const mixed = (color, other, share) => {
  const parts = [color, other].map(channels);
  return `#${parts[0]
    .map((value, at) =>
      Math.round(value * share + parts[1][at] * (1 - share))
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
};
