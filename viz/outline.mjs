// The outline of the Netherlands and its neighbours for the maps, from Natural Earth (public domain), as GeoJSON in
// degrees: cut to the frame of the map and rounded to what the map can show.
import { readFile } from "node:fs/promises";
import { feature } from "topojson-client";

const FRAME = { west: 2.6, south: 50.2, east: 7.9, north: 54.1 };
const LAND = "Netherlands";
const AROUND = new Set(["Belgium", "Germany"]);
const SMALLEST = 4;

export async function outline(file) {
  const world = JSON.parse(await readFile(file, "utf8"));
  const { features } = feature(world, world.objects.countries);
  const named = features.filter(({ properties }) => properties.name === LAND || AROUND.has(properties.name));
  const found = named.map(({ properties, geometry }) => ({
    type: "Feature",
    properties: { kind: properties.name === LAND ? "land" : "around", name: properties.name },
    geometry: { type: "MultiPolygon", coordinates: polygons(geometry) },
  }));
  return JSON.stringify({ type: "FeatureCollection", features: found });
}

function polygons(geometry) {
  const all = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  const cut = all.map((polygon) => polygon.map(inside).filter((ring) => ring.length >= SMALLEST));
  return cut.filter((polygon) => polygon.length);
}

// Cut a ring at each side of the frame in turn (Sutherland and Hodgman, 1974), then round it.
function inside(ring) {
  const sides = [
    [0, FRAME.west, 1],
    [0, FRAME.east, -1],
    [1, FRAME.south, 1],
    [1, FRAME.north, -1],
  ];
  const cut = sides.reduce((points, side) => clip(points, ...side), ring);
  const rounded = cut.map(([x, y]) => [Math.round(x * 1000) / 1000, Math.round(y * 1000) / 1000]);
  return rounded.filter(([x, y], n) => n === 0 || x !== rounded[n - 1][0] || y !== rounded[n - 1][1]);
}

function clip(points, axis, limit, sign) {
  const within = (point) => (point[axis] - limit) * sign >= 0;
  const out = [];
  points.forEach((point, n) => {
    const before = points[(n + points.length - 1) % points.length];
    if (within(point) !== within(before)) out.push(crossing(before, point, axis, limit));
    if (within(point)) out.push(point);
  });
  return out;
}

function crossing(from, to, axis, limit) {
  const part = (limit - from[axis]) / (to[axis] - from[axis]);
  const point = [0, 0];
  point[axis] = limit;
  point[1 - axis] = from[1 - axis] + part * (to[1 - axis] - from[1 - axis]);
  return point;
}
