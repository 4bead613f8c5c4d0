// What the levels say, in English and Dutch, beside the words of the explorer itself.

import { wordsOf } from "../explorer/words.js";

const EN = {
  whole: "All groups",
  trail: "Where you are",
  back: "Back to {name}",
  heading: "The network in groups",
  headingInside: "Groups within {name}",
  about:
    "{pilots} pilots are too many to draw at once. They are put together by the partners, goals and domains that they share; choose a group to see what is in it, or find a pilot or organisation by name.",
  aboutInside: "{pilots} pilots, too many to draw at once. Choose a group to see what is in it.",
  caution:
    "The groups are a way into the network and no finding: how firm they are was not tested. What stands between two groups can lie in either.",
  picture: "Picture of the groups",
  pictureHelp:
    "Each circle is a group: the larger, the more pilots. Lines join groups whose pilots have partners in common: the thicker, the more; of each group the strongest. The table holds the same.",
  group: "group",
  groups: "Groups",
  pilots: "pilots",
  organisations: "organisations",
  members: "most linked",
  common: "Most partners in common with",
  linkedPilots: "Pilots with the most links",
  counted: "{pilots} in {groups}",
  groupsN: ["{n} group", "{n} groups"],
  organisationsShort: ["{n} organisation", "{n} organisations"],
  inPilots: ["in {n} pilot", "in {n} pilots"],
  linksOf: ["{n} link", "{n} links"],
  named: "{first} – {last}",
  alone: "Share no partner, goal or domain: {name}",
  aloneShort: "Share nothing",
  small: "Small groups, such as {name}",
  smallShort: "Small groups",
  loading: "Loading …",
  failed: "This part could not be loaded: {file} is not there. Was its folder copied along with the page?",
  again: "Try again",
  opened: "{name}: {counts}.",
  elsewhere: "In other groups",
  elsewhereSaid: "It is also linked to {pilots} in {groups}.",
  elsewherePilot: "Sources state a link with pilots in other groups.",
  elsewhereAt: "{name}: {n}",
  elsewhereMore: "The first {n} are listed.",
  refine: "“{words}” stands in very many names; add another word.",
  findHint: "pilot, organisation, goal …",
};

const NL = {
  whole: "Alle groepen",
  trail: "Waar u bent",
  back: "Terug naar {name}",
  heading: "Het netwerk in groepen",
  headingInside: "Groepen binnen {name}",
  about:
    "{pilots} pilots zijn te veel om ineens te tekenen. Zij staan bij elkaar naar de partners, doelen en domeinen die zij delen; kies een groep om te zien wat erin zit, of zoek een pilot of organisatie op naam.",
  aboutInside: "{pilots} pilots, te veel om ineens te tekenen. Kies een groep om te zien wat erin zit.",
  caution:
    "De groepen zijn een ingang tot het netwerk en geen bevinding: hoe vast zij zijn, is niet getoetst. Wat tussen twee groepen in staat, kan in beide liggen.",
  picture: "Tekening van de groepen",
  pictureHelp:
    "Elke cirkel is een groep: hoe groter, hoe meer pilots. Lijnen verbinden groepen waarvan de pilots partners gemeen hebben: hoe dikker, hoe meer; van elke groep de sterkste. In de tabel staat hetzelfde.",
  group: "groep",
  groups: "Groepen",
  pilots: "pilots",
  organisations: "organisaties",
  members: "meest verbonden",
  common: "Meeste partners gemeen met",
  linkedPilots: "Pilots met de meeste verbindingen",
  counted: "{pilots} in {groups}",
  groupsN: ["{n} groep", "{n} groepen"],
  organisationsShort: ["{n} organisatie", "{n} organisaties"],
  inPilots: ["in {n} pilot", "in {n} pilots"],
  linksOf: ["{n} verbinding", "{n} verbindingen"],
  named: "{first} – {last}",
  alone: "Delen geen partner, doel of domein: {name}",
  aloneShort: "Delen niets",
  small: "Kleine groepen, zoals {name}",
  smallShort: "Kleine groepen",
  loading: "Wordt geladen …",
  failed: "Dit deel kon niet worden geladen: {file} ontbreekt. Is de map met de pagina mee gekopieerd?",
  again: "Opnieuw proberen",
  opened: "{name}: {counts}.",
  elsewhere: "In andere groepen",
  elsewhereSaid: "Ook verbonden met {pilots} in {groups}.",
  elsewherePilot: "Bronnen noemen een verband met pilots in andere groepen.",
  elsewhereAt: "{name}: {n}",
  elsewhereMore: "De eerste {n} staan hier.",
  refine: "‘{words}’ staat in heel veel namen; voeg een woord toe.",
  findHint: "pilot, organisatie, doel …",
};

/** The words of a language, as a function; numbers are written as the language does. */
export const levelWords = (language) => {
  const own = language === "nl" ? NL : EN;
  const others = wordsOf(language);
  const number = (value) => (typeof value === "number" ? value.toLocaleString(language === "nl" ? "nl-NL" : "en-GB") : value);
  return (key, values = {}) => {
    const found = own[key];
    if (found === undefined) return others(key, values);
    const text = Array.isArray(found) ? found[values.n === 1 ? 0 : 1] : found;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(number(values[name] ?? "")));
  };
};

/** What a group is called: by what holds it together, or by its first and last pilot; `short` for the picture. */
export const groupName = (say, { kind, title }, { short = false } = {}) => {
  if (kind === "whole") return say("whole");
  if (short && (kind === "alone" || kind === "small")) return say(`${kind}Short`);
  const [first, last] = title;
  const cut = kind === "alone" || kind === "slice";
  const name = cut ? (first === last ? first : say("named", { first, last })) : title.join(", ");
  return kind === "alone" || kind === "small" ? say(kind, { name }) : name;
};
