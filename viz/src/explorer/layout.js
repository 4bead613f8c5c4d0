// Lays out anew what is shown, for the reader who asks for it: by the lengths of paths, as pilotgraph/pages/explorer
// does ahead (Gansner, Koren and North 2004), with what is pinned left where it is. There is no chance in it.

const ROUNDS = 200;
const PUSHES = 150;
const STEP = 0.7;

/** More nodes than this take too long. */
export const MOST_TIDIED = 500;

/**
 * Place nodes anew. `nodes` have x and y to begin with, the size `w` and `h` of the label below them, and perhaps
 * `pinned`; `edges` are pairs of places in that list. Gives a list of [x, y].
 */
export const tidy = (nodes, edges) => {
  if (nodes.length < 2) return nodes.map(({ x, y }) => [x, y]);
  const length = edgeLength(nodes, edges);
  const wanted = distances(nodes.length, edges).map((row) => row.map((steps) => steps * length));
  // Nodes in one place would stay there: all but the pinned begin a little aside.
  const at = nodes.map(({ x, y, pinned }, index) =>
    pinned ? [x, y] : [x + Math.cos(index * 2.4) * 2, y + Math.sin(index * 2.4) * 2],
  );
  for (let round = 0; round < ROUNDS; round += 1) if (relax(nodes, at, wanted) < 0.05) break;
  for (let round = 0; round < PUSHES; round += 1) if (!push(nodes, at)) break;
  return at.map(([x, y]) => [Math.round(x), Math.round(y)]);
};

/** How long an edge should be, so that the labels have room. */
const edgeLength = (nodes, edges) => {
  const area = nodes.reduce((sum, { w, h }) => sum + w * h, 0);
  return Math.max(60, Math.sqrt(area / nodes.length) * (edges.length > nodes.length * 1.5 ? 1.6 : 1.25));
};

/** The lengths of all shortest paths; parts that nothing joins stand as far apart as the longest of them. */
const distances = (count, edges) => {
  const near = Array.from({ length: count }, () => []);
  for (const [a, b] of edges) {
    near[a].push(b);
    near[b].push(a);
  }
  const rows = near.map((_, start) => {
    const row = new Array(count).fill(Infinity);
    row[start] = 0;
    const queue = [start];
    for (const node of queue) {
      for (const other of near[node]) {
        if (row[other] === Infinity) {
          row[other] = row[node] + 1;
          queue.push(other);
        }
      }
    }
    return row;
  });
  const longest = rows.reduce(
    (most, row) => row.reduce((m, steps) => (steps === Infinity ? m : Math.max(m, steps)), most),
    1,
  );
  const apart = Math.max(2.5, longest * 0.8);
  return rows.map((row) => row.map((steps) => (steps === Infinity ? apart : steps)));
};

/** Move every node towards where the others ask it to stand; gives the largest step. */
const relax = (nodes, at, wanted) => {
  let largest = 0;
  const moved = at.map(([x, y], i) => {
    if (nodes[i].pinned) return [x, y];
    let [dx, dy, total] = [0, 0, 0];
    for (let j = 0; j < at.length; j += 1) {
      if (i === j) continue;
      const weight = 1 / (wanted[i][j] * wanted[i][j]);
      const [gx, gy] = [x - at[j][0], y - at[j][1]];
      const pull = weight * (wanted[i][j] / (Math.sqrt(gx * gx + gy * gy) + 1e-9) - 1);
      dx += pull * gx;
      dy += pull * gy;
      total += weight;
    }
    largest = Math.max(largest, Math.abs(dx / total), Math.abs(dy / total));
    return [x + (STEP * dx) / total, y + (STEP * dy) / total];
  });
  moved.forEach((place, index) => {
    at[index] = place;
  });
  return largest;
};

/** Push apart the labels that overlap; tells whether any did. */
const push = (nodes, at) => {
  const by = at.map(() => [0, 0]);
  let any = false;
  for (let i = 0; i < at.length; i += 1) {
    for (let j = i + 1; j < at.length; j += 1) {
      const dx = at[i][0] - at[j][0];
      const dy = at[i][1] - nodes[i].h / 2 - at[j][1] + nodes[j].h / 2;
      const overX = (nodes[i].w + nodes[j].w) / 2 - Math.abs(dx);
      const overY = (nodes[i].h + nodes[j].h) / 2 - Math.abs(dy);
      if (overX <= 0 || overY <= 0) continue;
      any = true;
      const axis = overX < overY * 2 ? 0 : 1;
      const way = 0.3 * (axis ? overY * (Math.sign(dy) || 1) : overX * (Math.sign(dx) || 1));
      by[i][axis] += way;
      by[j][axis] -= way;
    }
  }
  by.forEach(([x, y], index) => {
    if (!nodes[index].pinned) at[index] = [at[index][0] + x, at[index][1] + y];
  });
  return any;
};
