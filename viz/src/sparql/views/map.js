// A schematic map: points of places on the outline of the land, if there is one. No tiles, no other host.

import { h, svg } from "../dom.js";
import { letters, placed } from "./placing.js";

const WIDTH = 560;
const LARGEST = 16;
const SMALLEST = 4;
const LETTER = 12;

export function map({ answer, rows, columns: [lat, long, amount], texts, outline, pageOf }) {
  const points = rows
    .map((row) => ({
      row,
      lat: answer.number(row, lat),
      long: answer.number(row, long),
      size: amount ? answer.number(row, amount) : null,
    }))
    .filter((point) => point.lat !== null && point.long !== null);
  const rings = ringsOf(outline);
  const project = projection([
    ...rings.filter(({ isLand }) => isLand).flatMap(({ ring }) => ring),
    ...points.map((point) => [point.long, point.lat]),
  ]);
  const most = Math.max(1, ...points.map((point) => point.size ?? 0));
  const named = answer.columns.find((column) => !column.numeric);
  const marks = points.map((point) => markOf(point, { answer, named: named ?? lat, project, most }));
  marks.sort((a, b) => b.radius - a.radius);
  const size = letters(LETTER);
  const names = placed(marks, { width: WIDTH, size, most: marks.length });
  const land = rings.map(({ ring, isLand }) =>
    svg("polygon", {
      class: isLand ? "land" : "around",
      points: ring.map((at) => project(at).map(round).join(",")).join(" "),
    }),
  );
  const dots = marks.map((mark) => dotOf(mark, names.get(mark), pageOf));
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${round(project.height)}`,
      class: "sq-map",
      "font-size": size,
      role: "group",
      "aria-label": texts.views.map,
    },
    land,
    dots,
  );
  return h("figure", {}, picture, h("figcaption", { class: "soft small" }, texts.mapNote));
}

function markOf({ row, size, long, lat }, { answer, named, project, most }) {
  const [x, y] = project([long, lat]);
  const { text, iri } = answer.cell(row, named);
  const radius = size === null ? SMALLEST + 2 : Math.max(SMALLEST, LARGEST * Math.sqrt(size / most));
  return { x, y, radius, text, iri, name: size === null ? text : `${text}: ${answer.numbers.format(size)}` };
}

function dotOf({ x, y, radius, iri, name }, label, pageOf) {
  const dot = svg("circle", { class: "dot", cx: round(x), cy: round(y), r: round(radius) });
  const text = label
    ? svg("text", { x: round(label.x), y: round(label.y), "text-anchor": label.anchor }, label.text)
    : null;
  const page = iri ? pageOf(iri) : null;
  const parts = [svg("title", {}, name), dot, text].filter(Boolean);
  return page ? svg("a", { href: page, "aria-label": name }, parts) : svg("g", {}, parts);
}

/** Degrees to the plane: one degree east is shorter than one north by the cosine of the latitude. */
function projection(points) {
  const longs = points.map((point) => point[0]);
  const lats = points.map((point) => point[1]);
  const [west, east, south, north] = [Math.min(...longs), Math.max(...longs), Math.min(...lats), Math.max(...lats)];
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const margin = LARGEST + 4;
  const scale = (WIDTH - 2 * margin) / Math.max((east - west) * shrink, (north - south) / 1.4, 0.01);
  const project = ([x, y]) => [margin + (x - west) * shrink * scale, margin + (north - y) * scale];
  project.height = 2 * margin + Math.max((north - south) * scale, 40);
  return project;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** The rings of all polygons in GeoJSON; what is not land lies around it. */
function ringsOf(shape, isLand = true) {
  if (!shape) return [];
  const { type } = shape;
  if (type === "FeatureCollection") return shape.features.flatMap((feature) => ringsOf(feature));
  if (type === "Feature") return ringsOf(shape.geometry, (shape.properties?.kind ?? "land") === "land");
  if (type === "GeometryCollection") return shape.geometries.flatMap((part) => ringsOf(part, isLand));
  const rings = type === "Polygon" ? shape.coordinates : type === "MultiPolygon" ? shape.coordinates.flat() : [];
  return rings.map((ring) => ({ ring, isLand }));
}
