// The outline of a cluster: a band along the shortest lines that join its members. A convex outline would enclose
// nodes that lie between them and do not belong to it.

/** The shortest tree that joins places [x, y] (Prim), as pairs of places. */
const tree = (places) => {
  const joined = new Set([0]);
  const lines = [];
  while (joined.size < places.length) {
    let best = [Infinity, 0, 0];
    for (const from of joined) {
      for (let to = 0; to < places.length; to += 1) {
        if (joined.has(to)) continue;
        const far = Math.hypot(places[from][0] - places[to][0], places[from][1] - places[to][1]);
        if (far < best[0]) best = [far, from, to];
      }
    }
    joined.add(best[2]);
    lines.push([places[best[1]], places[best[2]]]);
  }
  return lines;
};

/** A band around places: the path of its middle line, to be drawn `width` wide, and where its name stands. */
export const band = (places, width) => {
  const top = places.reduce((highest, place) => (place[1] < highest[1] ? place : highest));
  const lines = tree(places).map(
    ([[x1, y1], [x2, y2]]) => `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`,
  );
  const dots = places.map(([x, y]) => `M${x.toFixed(1)} ${y.toFixed(1)}l0.01 0`);
  return { path: [...lines, ...dots].join(""), width, at: [top[0], top[1] - width / 2 - 4] };
};
