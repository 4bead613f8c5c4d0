// The picture by keyboard: walk from node to node, go through the links of a node, zoom and move.

import { neighbours, neighbourTowards } from "./aim.js";

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export const listenToKeys = (app) => {
  app.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const act = actionOf(app, event);
    if (!act) return;
    event.preventDefault();
    act();
  });
};

const actionOf = (app, { key, shiftKey }) => {
  const way = WAYS[key];
  if (way && shiftKey) return () => app.picture.pan(way[0], -way[1]);
  if (way) return () => walk(app, way);
  const keys = {
    "+": () => app.picture.zoom(1 / 1.5),
    "=": () => app.picture.zoom(1 / 1.5),
    "-": () => app.picture.zoom(1.5),
    0: () => app.fit(),
    n: () => alongLinks(app, 1),
    p: () => alongLinks(app, -1),
    Enter: () => enter(app),
    Escape: () => app.choose(null),
    Home: () => startWalk(app),
  };
  return keys[key.length === 1 ? key.toLowerCase() : key];
};

/** Begin at the node with the most links. */
const startWalk = (app) => {
  if (app.picture.order.length) chooseNode(app, app.picture.order[0]);
};

const chooseNode = (app, index) => app.choose(`node:${app.model.nodes[index].id}`);

/** Where the reader stands: the chosen node, or the first end of the chosen link. */
const standing = (app) => app.chosen?.node ?? (app.chosen?.edge ? (app.stood ?? app.chosen.ends[0]) : undefined);

const walk = (app, way) => {
  const from = standing(app);
  if (from === undefined) return startWalk(app);
  const to = neighbourTowards(app.picture, from, way);
  return to === null ? app.tell(app.say("walked")) : chooseNode(app, to);
};

/** Go to the next link of a node, clockwise; the link is explained without leaving the node. */
const alongLinks = (app, step) => {
  const from = standing(app);
  if (from === undefined) return startWalk(app);
  const around = neighbours(app.picture, from);
  if (!around.length) return app.tell(app.say("walked"));
  const links = around.flatMap((other) =>
    app.network.edges.filter(({ a, b }) => (a === from && b === other) || (a === other && b === from)),
  );
  const now = links.findIndex(({ key }) => key === app.chosen?.edge);
  const next = links[now < 0 ? (step > 0 ? 0 : links.length - 1) : (now + step + links.length) % links.length];
  app.choose(`edge:${next.key}`);
  app.stood = from;
  return undefined;
};

/** On a link: cross it. On a node: go to its explanation. */
const enter = (app) => {
  if (app.chosen?.edge) {
    const from = standing(app);
    const [a, b] = app.chosen.ends;
    chooseNode(app, from === a ? b : a);
  } else if (app.chosen) {
    app.set({ tab: "why" });
    app.why.element.querySelector("h2")?.focus();
  }
};
