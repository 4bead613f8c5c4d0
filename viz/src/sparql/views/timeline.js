// A timeline: a line per row, as long as the dates say and no more precise.

import { h } from "../dom.js";
import { plain } from "../terms.js";

const MOST = 200;
const DATE = /^(-?\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/;

export function timeline({ answer, rows, columns: [label, start, end], texts, link }) {
  const spans = rows.map((row) => spanOf(row, start, end)).map((span, at) => ({ ...span, row: rows[at] }));
  const dated = spans.filter((span) => span.from !== null || span.to !== null).slice(0, MOST);
  const edges = dated.flatMap((span) => [span.from, span.to]).filter((edge) => edge !== null);
  const first = Math.floor(Math.min(...edges));
  const last = Math.max(first + 1, Math.ceil(Math.max(...edges)));
  const place = (year) => (100 * (year - first)) / (last - first);
  const lines = dated.map((span) => line(span, { answer, label, texts, link, place, first, last }));
  const none = spans.length - spans.filter((span) => span.from !== null || span.to !== null).length;
  return h(
    "div",
    {},
    h(
      "div",
      { class: "sq-time" },
      h("div", { class: "sq-axis", "aria-hidden": "true" }, ticks(first, last, place)),
      h("ol", {}, lines),
    ),
    none ? h("p", { class: "soft small" }, texts.undated(none)) : null,
  );
}

function line(span, { answer, label, texts, link, place, first, last }) {
  const words = [span.start || texts.noStart, span.end === null ? null : span.end || texts.noEnd]
    .filter(Boolean)
    .join(" – ");
  const strip = h("span", {
    class: `sq-span${span.from === null ? " open-start" : ""}${span.to === null ? " open-end" : ""}`,
  });
  const [from, to] = [span.from ?? first, span.to ?? last];
  strip.style.insetInlineStart = `${place(from)}%`;
  strip.style.inlineSize = `${Math.max(place(to) - place(from), 0.6)}%`;
  return h(
    "li",
    {},
    h(
      "span",
      { class: "sq-name" },
      link(answer.cell(span.row, label)),
      h("span", { class: "soft small sq-dates" }, words),
    ),
    h("span", { class: "sq-lane", "aria-hidden": "true" }, strip),
  );
}

/** Years as numbers: a start is the first moment of what is printed, an end the last. */
function spanOf(row, start, end) {
  const [begin, finish] = [plain(row[start.name]), end ? plain(row[end.name]) : null];
  const from = momentOf(begin, false);
  const to = end ? momentOf(finish, true) : momentOf(begin, true);
  return { start: begin, end: finish, from, to };
}

function momentOf(text, isEnd) {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined) return null;
  if (month === undefined) return Number(year) + (isEnd ? 1 : 0);
  if (day === undefined) return Number(year) + (Number(month) - (isEnd ? 0 : 1)) / 12;
  return Number(year) + (Number(month) - 1) / 12 + (Number(day) - (isEnd ? 0 : 1)) / 372;
}

function ticks(first, last, place) {
  const step = Math.max(1, Math.ceil((last - first) / 12));
  const years = Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step);
  return years.map((year) => {
    const tick = h("span", { class: "sq-tick" }, String(year));
    tick.style.insetInlineStart = `${place(year)}%`;
    return tick;
  });
}
