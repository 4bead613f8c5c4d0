// Dates as precise as the source gives them: a year, a month or a day.

const toMonth = (date, last) => {
  const [year, month] = date.split("-").map(Number);
  return year * 12 + (month ? month - 1 : last ? 11 : 0);
};

/** The months in which a pilot may have run and those in which it ran for sure, as month numbers; null is unknown. */
export const span = ({ start, end }) => ({
  from: start ? toMonth(start, false) : null,
  sureFrom: start ? toMonth(start, true) : null,
  sureTo: end ? toMonth(end, false) : null,
  to: end ? toMonth(end, true) : null,
});

/**
 * Whether a pilot ran in a month: "yes", "no", or "perhaps" where a date is not precise enough or not known at all.
 * A pilot of which no date is known is "unknown".
 */
export const ran = (pilot, month) => {
  const { from, sureFrom, sureTo, to } = span(pilot);
  if (from === null && to === null) return "unknown";
  if ((from !== null && month < from) || (to !== null && month > to)) return "no";
  return from !== null && to !== null && month >= sureFrom && month <= sureTo ? "yes" : "perhaps";
};

/** The first and last month that any pilot names, or null if none does. */
export const extent = (pilots) => {
  const months = pilots.flatMap((pilot) => Object.values(span(pilot))).filter((month) => month !== null);
  return months.length ? [Math.min(...months), Math.max(...months)] : null;
};

/** Write a month number as in 2021-03, and read it again. */
export const monthText = (month) => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
export const monthNumber = (text) => (/^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? toMonth(text, false) : null);

/** Name a month in words. */
export const monthName = (month, language) =>
  new Date(Date.UTC(Math.floor(month / 12), month % 12, 1)).toLocaleDateString(language === "nl" ? "nl-NL" : "en-GB", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
