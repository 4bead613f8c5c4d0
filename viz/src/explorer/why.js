// Why something is there: what a node is, what an edge rests on, claim by claim, each with its passages.

import { fill, make } from "./dom.js";
import { sides } from "./network.js";
import { clusterPanel } from "./clusters.js";
import { knownMark } from "./table.js";
import { quote, tellEdge, tellMode, tellPeriod, traitsOf } from "./telling.js";

const MOST = 40;

export class Why {
  constructor(app) {
    this.app = app;
    this.element = make("div", { class: "why-panel" });
  }

  update() {
    const { chosen } = this.app;
    if (chosen?.cluster) fill(this.element, clusterPanel(this.app, chosen));
    else if (chosen?.edge) fill(this.element, this.edge(chosen.edge));
    else if (chosen) fill(this.element, this.node(chosen.node));
    else
      fill(
        this.element,
        make("p", {}, this.app.say("nothing")),
        make("p", { class: "small" }, this.app.say("nothingHelp")),
      );
  }

  node(index) {
    const { app } = this;
    const { model, network, say } = app;
    const node = model.nodes[index];
    const edges = network.edges.filter(({ a, b }) => a === index || b === index);
    const other = ({ a, b }) => (a === index ? b : a);
    edges.sort(
      (p, q) =>
        q.weight - p.weight || model.nodes[other(p)].label.localeCompare(model.nodes[other(q)].label, model.language),
    );
    return [
      make("p", { class: "kicker" }, app.mark(index), tellMode(app, node.mode)),
      make("h2", { tabindex: "-1" }, node.label),
      node.text && make("p", {}, node.text),
      this.facts(node),
      this.actions(index),
      make("h3", {}, `${say("linksOf")} (${app.number(edges.length)})`),
      edges.length
        ? this.many(edges, (edge) => this.link(edge, other(edge)))
        : make("p", { class: "small" }, say("noLinks")),
    ];
  }

  facts(node) {
    const { app } = this;
    const { say } = app;
    const facts =
      node.mode === "pilot"
        ? [
            ...Object.entries(traitsOf(app, node.index)).map(([facet, labels]) => [
              say(`facet_${facet}`),
              labels.join("; "),
            ]),
            [say("period"), tellPeriod(app, node)],
            [say("sources"), node.sources.map((source) => app.model.sources[source].label).join("; ")],
          ]
        : [[say("kindOf"), node.kind]];
    const shown = facts.filter(([, text]) => text);
    return (
      shown.length > 0 &&
      make(
        "dl",
        { class: "facts" },
        shown.map(([term, text]) => make("div", {}, make("dt", {}, term), make("dd", {}, text))),
      )
    );
  }

  actions(index) {
    const { app } = this;
    const { model, say, state } = app;
    const { id } = model.nodes[index];
    const button = (text, onclick) => make("button", { type: "button", onclick }, text);
    const around = state.around.length
      ? [
          !state.around.includes(id) && button(say("expandMore"), () => app.expand(index)),
          button(say("wholeNetwork"), () => app.set({ around: [] })),
        ]
      : [button(say("expand"), () => app.expand(index))];
    return make(
      "p",
      { class: "actions" },
      around,
      button(say(state.pins[id] ? "unpinOne" : "pin"), () => app.togglePin(index)),
      button(say("centre"), () => app.centre(index)),
    );
  }

  /** Long lists begin with their first part. */
  many(items, show) {
    const list = make("ul", { class: "links" }, items.slice(0, MOST).map(show));
    if (items.length <= MOST) return list;
    const more = make(
      "button",
      {
        type: "button",
        onclick: () => {
          list.append(...items.slice(MOST).map(show));
          more.remove();
        },
      },
      this.app.say("showAll", { n: this.app.number(items.length) }),
    );
    return [list, more];
  }

  link(edge, other) {
    const { app } = this;
    const { model, say } = app;
    const { label, id } = model.nodes[other];
    const said =
      app.state.view === "pilots" ? `${say(`layer_${edge.layer}`)}: ${tellEdge(app, edge)}` : tellEdge(app, edge);
    const details = make(
      "details",
      { ontoggle: () => details.open && details.children.length === 1 && details.append(...this.proof(edge)) },
      make(
        "summary",
        {},
        make("strong", {}, label),
        " ",
        make("span", { class: "quiet" }, said),
        knownMark(app, edge.knowing),
      ),
    );
    return make(
      "li",
      {},
      details,
      make(
        "button",
        {
          type: "button",
          class: "go",
          "aria-label": say("goTo", { name: label }),
          onclick: () => app.choose(`node:${id}`, { from: "why" }),
        },
        "→",
      ),
    );
  }

  edge(key) {
    const { app } = this;
    const { model, say } = app;
    const edge = app.network.edges.find((found) => found.key === key);
    const end = (index) =>
      make(
        "button",
        { type: "button", class: "plain", onclick: () => app.choose(`node:${model.nodes[index].id}`, { from: "why" }) },
        model.nodes[index].label,
      );
    return [
      make("p", { class: "kicker" }, app.state.view === "pilots" ? say(`layer_${edge.layer}`) : say("isLink")),
      make("h2", { tabindex: "-1" }, end(edge.a), make("span", { class: "between" }, " – "), end(edge.b)),
      edge.shared &&
        make(
          "p",
          { class: "small" },
          say("projected"),
          " ",
          say("strengthIs", { n: app.number(edge.weight) }),
          knownMark(app, edge.knowing),
        ),
      this.strands(edge),
      ...this.proof(edge),
    ];
  }

  /** The other kinds of cross-link between the same two pilots. */
  strands(edge) {
    const { app } = this;
    const others = app.network.edges.filter(({ key, a, b }) => key !== edge.key && a === edge.a && b === edge.b);
    return (
      others.length > 0 &&
      make(
        "p",
        { class: "small" },
        app.say("alsoJoined"),
        " ",
        others.flatMap(({ key, layer }, place) => [
          place > 0 && ", ",
          make(
            "button",
            { type: "button", class: "plain", onclick: () => app.choose(`edge:${key}`, { from: "why" }) },
            app.say(`layer_${layer}`),
          ),
        ]),
        ".",
      )
    );
  }

  /** What an edge rests on: its claims, or for each thing that both have the claims of either side. */
  proof(edge) {
    const { app } = this;
    const { model } = app;
    if (!edge.shared) return [this.claims(edge.cites)];
    return edge.shared.map((thing) =>
      make(
        "section",
        { class: "shared" },
        make("h3", {}, app.mark(thing), model.nodes[thing].label),
        sides(edge, thing).flatMap((cites, side) => [
          make("h4", {}, model.nodes[side ? edge.b : edge.a].label),
          this.claims(cites),
        ]),
      ),
    );
  }

  claims(cites) {
    return make(
      "ul",
      { class: "claims" },
      cites.map(({ claim, derived }) => this.claim(claim, derived)),
    );
  }

  claim(number, derived = false) {
    const { app } = this;
    const { model, say } = app;
    const claim = model.claims[number];
    const names = (claim.named ?? []).map((name) => say("namedAs", { name }));
    const says = [model.roles[claim.role]?.label, claim.detail, ...names, derived && say("within")]
      .filter(Boolean)
      .join("; ");
    const state = knownMark(app, claim.knowing);
    return make(
      "li",
      {},
      (says || state) && make("p", { class: "says" }, says, state),
      (claim.note ?? []).map((note) => make("p", { class: "small note" }, note)),
      claim.passages.length
        ? claim.passages.map((passage) => this.passage(model.passages[passage]))
        : make("p", { class: "small" }, say("noPassage")),
    );
  }

  passage(passage) {
    const { model, say } = this.app;
    const place = [
      model.sources[passage.source].label,
      passage.section,
      passage.page && say("page", { page: passage.page }),
    ]
      .filter(Boolean)
      .join(", ");
    const web = /^https?:\/\//.test(passage.link ?? "");
    return make(
      "figure",
      { class: "passage" },
      make("blockquote", {}, say("passage", { words: quote(passage) })),
      make(
        "figcaption",
        {},
        place,
        web && [
          " · ",
          make("a", { href: passage.link, rel: "noreferrer external", target: "_blank" }, say("inSource")),
        ],
      ),
    );
  }
}
