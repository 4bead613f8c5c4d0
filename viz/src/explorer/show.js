// The panel that says what is shown: which network, which filters, which time, which clusters.

import { clusterSection } from "./clusters.js";
import { fill, make } from "./dom.js";
import { LAYERS } from "./model.js";
import { VIEWS, WEIGHTS } from "./state.js";
import { extent, monthName, monthNumber, monthText, ran } from "./time.js";

export class Show {
  constructor(app) {
    this.app = app;
    this.open = new Set();
    this.element = make("div", { class: "show-panel" });
  }

  update() {
    const { app } = this;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const { scrollTop } = this.element;
    fill(
      this.element,
      this.section("what", this.what()),
      this.section("filters", [
        app.model.facets.map((facet) => this.facet(facet.name, facet.values)),
        this.facet("role", this.roles()),
        this.facet("source", this.sources()),
      ]),
      this.section("when", this.when()),
      this.section("clusters", clusterSection(app)),
    );
    this.element.scrollTop = scrollTop;
    if (focused) this.element.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  section(name, content) {
    return make("section", { class: `part-${name}` }, make("h2", {}, this.app.say(name)), content);
  }

  what() {
    const { app } = this;
    const { say, state } = app;
    const actors = ["actor", "actors", "pilots"].includes(state.view);
    return [
      make(
        "fieldset",
        { class: "choices" },
        make("legend", { class: "unseen" }, say("what")),
        VIEWS.filter((view) => app.model.links[view]?.length || view === "pilots" || view === "actors").map((view) =>
          make(
            "label",
            { class: "check" },
            make("input", {
              type: "radio",
              name: "explorer-view",
              "data-focus": `view-${view}`,
              checked: state.view === view,
              onchange: () => app.set({ view, sort: null }),
            }),
            say(`view_${view}`),
          ),
        ),
      ),
      state.view === "pilots" &&
        make(
          "fieldset",
          { class: "choices" },
          make("legend", {}, say("layers")),
          LAYERS.filter((layer) => app.model.links[layer]?.length).map((layer) =>
            make(
              "label",
              { class: "check" },
              make("input", {
                type: "checkbox",
                "data-focus": `layer-${layer}`,
                checked: state.layers.includes(layer),
                onchange: ({ target }) =>
                  app.set({
                    layers: LAYERS.filter((name) => (name === layer ? target.checked : state.layers.includes(name))),
                  }),
              }),
              make("span", { class: `strand layer-${LAYERS.indexOf(layer) + 1}`, "aria-hidden": "true" }),
              say(`layer_${layer}`),
            ),
          ),
        ),
      ["pilots", "actors"].includes(state.view) &&
        make(
          "label",
          { class: "field" },
          say("weight"),
          make(
            "select",
            { "data-focus": "weight", onchange: ({ target }) => app.set({ weight: target.value }) },
            WEIGHTS.map((weight) =>
              make("option", { value: weight, selected: state.weight === weight }, say(`weight_${weight}`)),
            ),
          ),
        ),
      actors && this.check("kinds"),
      actors && this.check("funders"),
    ];
  }

  check(name) {
    const { app } = this;
    return make(
      "div",
      {},
      make(
        "label",
        { class: "check" },
        make("input", {
          type: "checkbox",
          "data-focus": name,
          "aria-describedby": `explorer-${name}-help`,
          checked: app.state[name],
          onchange: ({ target }) => app.set({ [name]: target.checked }),
        }),
        app.say(name),
      ),
      make("p", { class: "help", id: `explorer-${name}-help` }, app.say(`${name}Help`)),
    );
  }

  roles() {
    const { model } = this.app;
    const counts = new Map();
    for (const { claim } of model.links.actor ?? [])
      counts.set(model.claims[claim].role, (counts.get(model.claims[claim].role) ?? new Set()).add(claim));
    return model.roles
      .map(({ slug, label }, index) => ({ id: slug, label, count: counts.get(index)?.size ?? 0 }))
      .sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, model.language));
  }

  sources() {
    const { model } = this.app;
    return model.sources.map(({ slug, label }, index) => ({
      id: slug,
      label,
      count: model.pilots.filter((pilot) => model.nodes[pilot].sources.includes(index)).length,
    }));
  }

  facet(name, values) {
    const { app } = this;
    const { say, state } = app;
    const wanted = state.filters[name];
    const change = (ids) => app.set({ filters: { ...state.filters, [name]: ids } });
    const details = make(
      "details",
      { open: this.open.has(name), ontoggle: () => this.open[details.open ? "add" : "delete"](name) },
      make(
        "summary",
        { "data-focus": `facet-${name}` },
        say(`facet_${name}`),
        wanted.length > 0 && make("span", { class: "badge" }, say("chosenOf", { n: wanted.length })),
      ),
      make(
        "fieldset",
        { class: "choices" },
        make("legend", { class: "unseen" }, say(`facet_${name}`)),
        values.map(({ id, label, count }) =>
          make(
            "label",
            { class: "check" },
            make("input", {
              type: "checkbox",
              "data-focus": `${name}-${id}`,
              checked: wanted.includes(id),
              onchange: ({ target }) =>
                change(target.checked ? [...wanted, id] : wanted.filter((other) => other !== id)),
            }),
            make("span", {}, label),
            make("span", { class: "tally" }, app.number(count)),
          ),
        ),
      ),
      wanted.length > 0 && make("button", { type: "button", class: "plain", onclick: () => change([]) }, say("clear")),
    );
    return details;
  }

  when() {
    const { app } = this;
    const { model, say, state } = app;
    const pilots = model.pilots.map((index) => model.nodes[index]);
    const range = extent(pilots);
    if (!range) return make("p", { class: "small" }, say("whenNone"));
    const month = monthNumber(state.month ?? "") ?? Math.round((range[0] + range[1]) / 2);
    const slider = make("input", {
      type: "range",
      min: range[0],
      max: range[1],
      value: month,
      disabled: !state.month,
      "data-focus": "month",
      "aria-label": say("month"),
      "aria-valuetext": monthName(month, model.language),
      oninput: ({ target }) => app.set({ month: monthText(Number(target.value)) }),
    });
    return [
      make(
        "label",
        { class: "check" },
        make("input", {
          type: "checkbox",
          "data-focus": "when",
          checked: state.month !== null,
          onchange: ({ target }) => app.set({ month: target.checked ? monthText(month) : null }),
        }),
        make("span", {}, say("whenUse"), " ", make("b", {}, monthName(month, model.language))),
      ),
      make("div", { class: state.month ? "months" : "months off" }, months(pilots, range, month), slider),
      state.month && make("p", { class: "small" }, this.tally(pilots, month)),
    ];
  }

  tally(pilots, month) {
    const counts = { yes: 0, perhaps: 0, unknown: 0, no: 0 };
    for (const pilot of pilots) counts[ran(pilot, month)] += 1;
    return this.app.say("whenCount", { ...counts, month: monthName(month, this.app.model.language) });
  }
}

/** How many pilots ran in each month: dark for sure, light perhaps. */
const months = (pilots, [first, last], month) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${last - first + 1} 30`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const most = pilots.length || 1;
  for (let at = first; at <= last; at += 1) {
    const all = pilots.map((pilot) => ran(pilot, at));
    const sure = all.filter((answer) => answer === "yes").length;
    const perhaps = all.filter((answer) => answer === "perhaps").length;
    bar(svg, at - first, 0, (sure / most) * 30, at === month ? "now" : "sure");
    bar(svg, at - first, (sure / most) * 30, (perhaps / most) * 30, "perhaps");
  }
  return svg;
};

const bar = (svg, x, from, height, name) => {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [key, value] of Object.entries({ x: x + 0.08, y: 30 - from - height, width: 0.84, height, class: name }))
    rect.setAttribute(key, value);
  svg.append(rect);
};
