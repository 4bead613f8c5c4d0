// The parameters of a question as a form, with the things of the graph to choose from.

import { fill, freshId, h } from "./dom.js";
import { faultIn } from "./queries.js";

const LITERALS = { integer: "number", date: "date", string: "text" };
const MOST_OPTIONS = 400;

/**
 * Fills an element with a control for each parameter.
 *
 * `values` holds what is chosen: an IRI, or the text of a literal. `things(kind)` gives what there is to choose, and
 * `onChange(name, value)` is called with every choice.
 */
export async function fillForm(element, { parameters, values, lang, texts, things, onChange }) {
  const fields = await Promise.all(
    parameters.map((parameter) => field(parameter, { values, lang, texts, things, onChange })),
  );
  fill(element, fields);
}

async function field(parameter, { values, lang, texts, things, onChange }) {
  const id = freshId("parameter");
  const about = parameter.about[lang] ?? parameter.about.en;
  const name = [
    capital(about),
    " ",
    h("code", {}, `?${parameter.name}`),
    parameter.required ? ` (${texts.required})` : "",
  ];
  const value = values[parameter.name] ?? "";
  const control = LITERALS[parameter.kind]
    ? literal(parameter, value, texts)
    : chooser(parameter, value, await things(parameter.kind), { texts, lang, id });
  const input = control.matches?.("input, select") ? control : control.querySelector("input, select");
  input.id = id;
  if (parameter.required) input.setAttribute("aria-required", "true");
  input.addEventListener("change", () => onChange(parameter.name, input.chosen ? input.chosen() : input.value));
  return h("div", { class: "sq-field" }, h("label", { for: id }, name), control);
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function literal(parameter, value, texts) {
  const input = h("input", {
    type: LITERALS[parameter.kind],
    value,
    placeholder: texts.otherwise,
    step: parameter.kind === "integer" ? "1" : null,
  });
  input.chosen = () => (input.value === "" || faultIn(parameter, input.value) === null ? input.value : "");
  return input;
}

function chooser(parameter, value, found, { texts, lang, id }) {
  if (found.length > MOST_OPTIONS) return searcher(value, found, { texts, id });
  const option = ({ iri, label }) => h("option", { value: iri, selected: iri === value }, label);
  const kinds = [...new Set(found.map((thing) => thing.kind))];
  const groups =
    kinds.length < 2
      ? found.map(option)
      : kinds.map((kind) =>
          h(
            "optgroup",
            { label: KINDS[lang]?.[slugOf(kind)] ?? slugOf(kind) },
            found.filter((thing) => thing.kind === kind).map(option),
          ),
        );
  return h("select", {}, h("option", { value: "" }, parameter.required ? texts.choose : texts.all), groups);
}

/** Among very many things: a text with suggestions. */
function searcher(value, found, { texts, id }) {
  const byLabel = new Map(found.map((thing) => [thing.label, thing.iri]));
  const shown = found.find((thing) => thing.iri === value)?.label ?? value;
  const input = h("input", {
    type: "text",
    value: shown,
    list: `${id}-list`,
    placeholder: texts.all,
    autocomplete: "off",
  });
  input.chosen = () => byLabel.get(input.value) ?? input.value;
  return h(
    "span",
    {},
    input,
    h(
      "datalist",
      { id: `${id}-list` },
      found.map((thing) => h("option", { value: thing.label })),
    ),
  );
}

const KINDS = {
  en: {
    pilot: "Pilots",
    programme: "Programmes",
    organisation: "Organisations",
    "organisation-kind": "Kinds of organisation",
    place: "Places",
    study: "Studies",
  },
  nl: {
    pilot: "Pilots",
    programme: "Programma's",
    organisation: "Organisaties",
    "organisation-kind": "Soorten organisaties",
    place: "Plaatsen",
    study: "Onderzoeken",
  },
};

function slugOf(stem) {
  return stem.split("/").at(-2);
}

/** A value of the address as an IRI: given whole, by slug, or by its name. */
export function resolved(value, things) {
  const found = things.find((thing) => thing.iri === value) ?? things.find((thing) => thing.slug === value);
  return (found ?? things.find((thing) => thing.label.toLowerCase() === value.toLowerCase()))?.iri ?? null;
}

/** An IRI as the address has it: short where that is enough. */
export function addressed(value, things) {
  return things.find((thing) => thing.iri === value)?.slug ?? value;
}
