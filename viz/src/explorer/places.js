// Where the nodes stand: as the page brings it, or laid out anew; what the reader has pinned stays where it is.

import { shortened, wrap } from "./labels.js";
import { MOST_TIDIED, tidy } from "./layout.js";

export { MOST_TIDIED };

// Roughly how large a character of a label is.
const CHARACTER = 6.2;
const LINE_HEIGHT = 13;

/** On a picture that is higher than wide the network lies on its side. */
const turn = ([x, y], upright) => (upright ? [y, -x] : [x, y]);
export const turnBack = ([x, y], upright) => (upright ? [-y, x] : [x, y]);

/** The places of the nodes of a network, by node. */
export const placesOf = (model, state, network, upright) => {
  const brought = broughtPlaces(model, state);
  const pins = new Map(Object.entries(state.pins).map(([id, place]) => [model.byId.get(id), place]));
  const places = new Map(
    network.nodes.map((index) => [index, turn(pins.get(index) ?? brought.get(index) ?? [0, 0], upright)]),
  );
  return state.tidy && network.nodes.length <= MOST_TIDIED ? tidied(model, network, places, pins) : places;
};

const broughtPlaces = (model, { view, kinds }) => {
  const withKinds = kinds && model.layouts[`${view}-kinds`] ? `${view}-kinds` : view;
  // A layout of what is joined through others is left out where there are too many: then that of both will do.
  const { nodes, at } = model.layouts[withKinds] ?? model.layouts[kinds ? "actor-kinds" : "actor"];
  return new Map(nodes.map((index, place) => [index, [at[2 * place], at[2 * place + 1]]]));
};

const tidied = (model, network, places, pins) => {
  const number = new Map(network.nodes.map((index, place) => [index, place]));
  const nodes = network.nodes.map((index) => {
    const lines = wrap(shortened(model.nodes[index]));
    const [x, y] = places.get(index);
    return {
      x,
      y,
      w: Math.max(...lines.map((line) => line.length)) * CHARACTER + 12,
      h: lines.length * LINE_HEIGHT + 14,
      pinned: pins.has(index),
    };
  });
  const found = tidy(
    nodes,
    network.edges.map(({ a, b }) => [number.get(a), number.get(b)]),
  );
  return new Map(network.nodes.map((index, place) => [index, found[place]]));
};
