// One condition: a feature, and the values that it may have, each with how many fit the other conditions.

import { fill, freshId, h } from "../sparql/dom.js";

const AT_ONCE = 10;
const WORTH_FINDING = 12;

/**
 * Makes the control of a condition.
 *
 * `options` are `{value, label, count}`; `on.change(part)` and `on.remove()` are called with what is chosen.
 */
export function facet(condition, { title, options, texts, on }) {
  const shown = { all: false, words: "" };
  const list = h("div", { class: "ask-options" });
  const draw = () => drawOptions(list, condition, { options, shown, texts, on, draw });
  const id = freshId("condition");
  const not = h(
    "select",
    { "aria-label": title, class: "ask-not", change: ({ target }) => on.change({ not: target.value === "not" }) },
    h("option", { value: "is", selected: !condition.not }, texts.isAny),
    h("option", { value: "not", selected: condition.not }, texts.isNone),
  );
  const remove = h(
    "button",
    { type: "button", class: "sq-quiet ask-remove", "aria-label": texts.remove(title), click: on.remove },
    "×",
  );
  const find =
    options.length > WORTH_FINDING
      ? h("input", {
          type: "search",
          "aria-label": texts.find,
          placeholder: texts.find,
          input: ({ target }) => {
            shown.words = target.value.toLowerCase();
            draw();
          },
        })
      : null;
  draw();
  const head = h("div", { class: "ask-head" }, h("span", { id, class: "ask-title" }, title), not, remove);
  return h("div", { class: "ask-facet", role: "group", "aria-labelledby": id }, head, find, list);
}

function drawOptions(list, condition, { options, shown, texts, on, draw }) {
  const fits = options.filter((option) => option.label.toLowerCase().includes(shown.words));
  const chosen = fits.filter((option) => condition.values.includes(option.value));
  const others = fits.filter((option) => !condition.values.includes(option.value));
  const room = shown.all || shown.words ? others.length : Math.max(AT_ONCE - chosen.length, 3);
  const hidden = others.length - Math.min(room, others.length);
  const more =
    hidden > 0
      ? h(
          "button",
          {
            type: "button",
            class: "ask-more",
            click: () => {
              shown.all = true;
              draw();
              list.querySelectorAll("input")[chosen.length + room]?.focus();
            },
          },
          texts.more(hidden),
        )
      : null;
  fill(
    list,
    [...chosen, ...others.slice(0, room)].map((option) => optionRow(option, condition, on)),
    more,
  );
}

function optionRow({ value, label, count }, condition, on) {
  const box = h("input", {
    type: "checkbox",
    checked: condition.values.includes(value),
    "data-value": value,
    change: () => {
      const rest = condition.values.filter((each) => each !== value);
      on.change({ values: box.checked ? [...rest, value] : rest });
    },
  });
  return h(
    "label",
    { class: "ask-option" },
    box,
    h("bdi", {}, label),
    h("span", { class: "ask-count" }, String(count)),
  );
}
