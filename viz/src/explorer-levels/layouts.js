// Where the nodes of a part stand: worked out here when a network of it is first shown, always in the same way.

import { shortened, wrap } from "../explorer/labels.js";
import { tidy } from "../explorer/layout.js";

const TWO_MODE = {
  actor: ["actor", ["organisation"]],
  "actor-kinds": ["actor", ["organisation", "kind"]],
  goal: ["goal", ["goal"]],
  domain: ["domain", ["domain"]],
  place: ["place", ["place"]],
};
// What so many have draws nobody nearer to another.
const MOST_HOLDERS = 40;
// Beyond this the rounds take too long, and the nodes stay in the spiral in which they begin.
const MOST = 800;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** The layouts of a part, by name, as the explorer asks for them. */
export const lazyLayouts = (data) => {
  const made = {};
  const add = (name, make) =>
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = make();
        Object.defineProperty(made, name, { value });
        return value;
      },
    });
  for (const [name, [layer, modes]] of Object.entries(TWO_MODE)) add(name, () => twoMode(data, layer, modes));
  add("pilots", () => joined(data, 0));
  add("actors", () => joined(data, 1, ["organisation"]));
  add("actors-kinds", () => joined(data, 1, ["organisation", "kind"]));
  return made;
};

const pilotsOf = ({ nodes }) => nodes.flatMap(({ mode }, index) => (mode === "pilot" ? [index] : []));

const twoMode = (data, layer, modes) => {
  const links = (data.links[layer] ?? []).filter(([, thing]) => modes.includes(data.nodes[thing].mode));
  const nodes = new Set([...pilotsOf(data), ...links.map(([, thing]) => thing)]);
  return laidOut(data, nodes, new Set(links.map(([pilot, thing]) => `${pilot} ${thing}`)));
};

/** Pilots by what they share, or organisations by their pilots. */
const joined = (data, onto, modes = []) => {
  const layers = onto ? ["actor"] : ["actor", "programme", "place", "goal", "domain"];
  const holders = new Map();
  for (const layer of layers)
    for (const link of data.links[layer] ?? []) {
      if (onto && !modes.includes(data.nodes[link[1]].mode)) continue;
      const key = link[1 - onto];
      if (!holders.has(key)) holders.set(key, new Set());
      holders.get(key).add(link[onto]);
    }
  const edges = new Set((onto ? [] : (data.links.relation ?? [])).map(([a, b]) => `${a} ${b}`));
  for (const having of holders.values()) {
    if (having.size > MOST_HOLDERS) continue;
    const listed = [...having].sort((a, b) => a - b);
    listed.forEach((a, at) => listed.slice(at + 1).forEach((b) => edges.add(`${a} ${b}`)));
  }
  const nodes = onto ? [...holders.values()].flatMap((having) => [...having]) : pilotsOf(data);
  return laidOut(data, new Set(nodes), edges);
};

const laidOut = (data, wanted, edges) => {
  const nodes = [...wanted].sort((a, b) => a - b);
  const number = new Map(nodes.map((index, place) => [index, place]));
  const boxes = nodes.map((index, place) => {
    const lines = wrap(shortened(data.nodes[index]));
    const away = 40 * Math.sqrt(place + 0.5);
    return {
      x: away * Math.cos(place * GOLDEN_ANGLE),
      y: away * Math.sin(place * GOLDEN_ANGLE),
      w: Math.max(...lines.map((line) => line.length)) * 6.2 + 12,
      h: lines.length * 13 + 14,
    };
  });
  const pairs = [...edges].map((edge) => edge.split(" ").map((index) => number.get(Number(index))));
  const places = nodes.length > MOST ? boxes.map(({ x, y }) => [Math.round(x), Math.round(y)]) : tidy(boxes, pairs);
  return { nodes, at: places.flat() };
};
