// Where things are on the screen: which edge is under a point, which neighbour lies in a direction.

/** The ends of an edge on the screen, moved aside by its shift. */
export const shifted = ([x1, y1], [x2, y2], shift) => {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  // The screen's y goes down, so that the normal of the drawing turns the other way.
  const [nx, ny] = [((y2 - y1) / length) * shift, (-(x2 - x1) / length) * shift];
  return { x1: x1 + nx, y1: y1 + ny, x2: x2 + nx, y2: y2 + ny };
};

/** How far a point is from a line. */
const distance = ([px, py], { x1, y1, x2, y2 }) => {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = Math.max(0, Math.min(1, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(px - x1 - along * dx, py - y1 - along * dy);
};

/** The edge under a point of the screen, or none within reach. */
export const edgeAt = (picture, point, reach) => {
  const { bright, network, sigma } = picture;
  const screen = picture.screen();
  let [best, nearest] = [null, reach];
  for (const edge of network.edges) {
    if (bright && !bright.edges.has(edge.key)) continue;
    const { shift } = sigma.getEdgeDisplayData(edge.key);
    const far = distance(point, shifted(screen(edge.a), screen(edge.b), shift));
    if (far < nearest) [best, nearest] = [edge, far];
  }
  return best;
};

/** The neighbours of a node, clockwise from the top. */
export const neighbours = (picture, index) => {
  const screen = picture.screen();
  const [x, y] = screen(index);
  const turn = (other) => {
    const [ox, oy] = screen(other);
    return (Math.atan2(ox - x, y - oy) + 2 * Math.PI) % (2 * Math.PI);
  };
  const found = new Set(picture.network.edges.flatMap(({ a, b }) => (a === index ? [b] : b === index ? [a] : [])));
  return [...found].sort((p, q) => turn(p) - turn(q) || p - q);
};

/** The neighbour that lies most nearly in a direction from a node, or none. */
export const neighbourTowards = (picture, index, [right, down]) => {
  const screen = picture.screen();
  const [x, y] = screen(index);
  let [best, highest] = [null, 0.35];
  for (const other of neighbours(picture, index)) {
    const [ox, oy] = screen(other);
    const aim = ((ox - x) * right + (oy - y) * down) / (Math.hypot(ox - x, oy - y) || 1);
    if (aim > highest + 1e-9) [best, highest] = [other, aim];
  }
  return best;
};

/** The frame around places, in both directions. */
export const frameOf = (places) => {
  const range = (axis) => {
    let [low, high] = [Infinity, -Infinity];
    for (const place of places.values()) [low, high] = [Math.min(low, place[axis]), Math.max(high, place[axis])];
    return low > high ? [0, 1] : [low, high];
  };
  return { x: range(0), y: range(1) };
};
