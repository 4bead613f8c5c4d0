// The explorer: holds what the reader has chosen, and keeps picture, table, panels and address bar the same.

import { findCluster } from "./clusters.js";
import { fill, make } from "./dom.js";
import { toSvg } from "./drawing.js";
import { buildFrame } from "./frame.js";
import { legendOf } from "./legend.js";
import { nodeLooks } from "./looks.js";
import { readModel } from "./model.js";
import { makeNetwork } from "./network.js";
import { Picture } from "./picture.js";
import { MOST_TIDIED, placesOf, turnBack } from "./places.js";
import { Search } from "./search.js";
import { Show } from "./show.js";
import { fromHash, initial, TABS, toHash } from "./state.js";
import { stillScene } from "./still.js";
import { Table } from "./table.js";
import { counted, tellCounts, tellEdge, tellFilters, tellMode } from "./telling.js";
import { onThemeChange, readTheme } from "./theme.js";
import { monthName, monthNumber } from "./time.js";
import { listenToKeys } from "./walk.js";
import { Why } from "./why.js";
import { numberOf, wordsOf } from "./words.js";

export class Explorer {
  constructor(root, data) {
    this.root = root;
    this.model = readModel(data);
    this.say = wordsOf(data.language);
    this.number = numberOf(data.language);
    this.monthWords = (month) => monthName(monthNumber(month), data.language);
    this.state = fromHash(location.hash);
    this.network = { nodes: [], edges: [], degree: new Map(), ranIn: new Map(), left: { nodes: 0, edges: 0 } };
    this.search = new Search(this);
    this.show = new Show(this);
    this.table = new Table(this);
    this.why = new Why(this);
    Object.assign(this, buildFrame(this));
    this.openPicture();
    this.update({ all: true });
    if (this.state.camera) this.picture?.setCamera(this.state.camera);
    addEventListener("hashchange", () => this.restore());
    addEventListener("beforeprint", () => this.preparePrint());
    onThemeChange(() => (this.picture ? this.picture.retheme() : this.drawStill()));
    new ResizeObserver(() => this.resized()).observe(this.canvas);
  }

  /** The picture, or nothing where the browser cannot draw with WebGL. */
  openPicture() {
    const nodeId = (index) => this.model.nodes[index].id;
    try {
      this.picture = new Picture(this.canvas, this.model, {
        chooseNode: (index) => this.choose(`node:${nodeId(index)}`),
        chooseEdge: (key) => this.choose(`edge:${key}`),
        chooseNothing: () => this.choose(null),
        expand: (index) => this.expand(index),
        pin: (index, place) => this.pin(index, turnBack(place, this.upright)),
        move: () => this.remember(),
      });
      listenToKeys(this);
    } catch (error) {
      // Without WebGL sigma finds no context to draw on.
      if (!(error instanceof TypeError)) throw error;
      this.picture = null;
      this.canvas.replaceChildren();
      this.tools.hidden = true;
    }
  }

  /** Change what is chosen, and show it everywhere. */
  set(patch) {
    const before = this.state;
    this.state = { ...before, ...patch };
    const keys = Object.keys(patch);
    const drawn = keys.some((key) => !["tab", "list", "sort", "chosen", "camera", "clusters"].includes(key));
    if (keys.includes("view")) this.state.camera = null;
    this.update({ all: drawn, moved: keys.includes("view") });
    if (drawn && !keys.includes("pins")) this.tell(this.say("filtered", { counts: tellCounts(this) }));
    this.remember();
  }

  update({ all = false, moved = false } = {}) {
    if (all) {
      this.network = makeNetwork(this.model, this.state);
      this.nodeSet = new Set(this.network.nodes);
      this.edgeKeys = new Map(this.network.edges.map((edge) => [edge.key, edge]));
    }
    this.chosen = this.readChosen();
    this.root.classList.toggle("none-chosen", !this.chosen);
    if (all) this.draw(moved);
    else this.redraw();
    this.showTab();
    this.show.update();
    this.table.update();
    this.why.update();
    this.counts.textContent = tellCounts(this);
    fill(this.legend, legendOf(this));
    this.showNotice();
    this.showPeek();
    this.tidyTool.setAttribute("aria-pressed", String(this.state.tidy));
    this.tidyTool.disabled = this.network.nodes.length > MOST_TIDIED;
    this.tidyTool.title = this.say(this.tidyTool.disabled ? "tidyMany" : "tidy");
    this.unpinTool.hidden = !Object.keys(this.state.pins).length;
  }

  draw(moved) {
    this.upright = this.canvas.clientHeight > this.canvas.clientWidth * 1.15;
    this.places = placesOf(this.model, this.state, this.network, this.upright);
    if (!this.picture) return this.drawStill();
    if (moved) this.picture.fit();
    const pinned = Object.keys(this.state.pins)
      .map((id) => this.model.byId.get(id))
      .filter((index) => this.nodeSet.has(index));
    return this.picture.show({
      network: this.network,
      places: this.places,
      view: this.state.view,
      chosen: this.chosen,
      pinned,
      clusters: this.shownClusters(),
    });
  }

  redraw() {
    if (!this.picture) return this.drawStill();
    this.picture.clusters = this.shownClusters();
    return this.picture.choose(this.chosen);
  }

  /** Where WebGL is missing: a drawing that stands still. */
  drawStill() {
    if (this.picture || !this.places) return;
    const { clientWidth, clientHeight } = this.canvas;
    const drawing = toSvg(stillScene(this, clientWidth || 900, clientHeight || 700), null);
    fill(
      this.canvas,
      document.importNode(new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement, true),
    );
  }

  shownClusters() {
    const band = (core, number) => ({
      label: String(number),
      nodes: core.nodes.filter((index) => this.nodeSet.has(index)),
    });
    if (this.chosen?.cluster) return [band(findCluster(this.model, this.chosen.cluster), this.chosen.cluster)];
    return this.state.clusters ? (this.model.clusters?.cores ?? []).map((core, place) => band(core, place + 1)) : [];
  }

  /** What the address names as chosen, if it is in the picture. */
  readChosen() {
    const [, kind, name] = /^(node|edge|cluster):(.*)$/s.exec(this.state.chosen ?? "") ?? [];
    if (kind === "node" && this.nodeSet.has(this.model.byId.get(name))) return { node: this.model.byId.get(name) };
    if (kind === "edge" && this.edgeKeys.has(name))
      return { edge: name, ends: [this.edgeKeys.get(name).a, this.edgeKeys.get(name).b] };
    if (kind === "cluster" && findCluster(this.model, name))
      return { cluster: name, ends: findCluster(this.model, name).nodes.filter((index) => this.nodeSet.has(index)) };
    return null;
  }

  /** Choose a node, edge or cluster, or nothing; tell it, and bring it into the picture. */
  choose(name, { from = "picture" } = {}) {
    const tab = name && from !== "table" && !this.narrow() ? "why" : this.state.tab;
    this.state = { ...this.state, chosen: name, tab: name && this.narrow() && from !== "picture" ? "why" : tab };
    this.chosen = this.readChosen();
    this.root.classList.toggle("none-chosen", !this.chosen);
    this.redraw();
    this.showTab();
    this.why.update();
    if (this.why.element.parentElement) this.why.element.parentElement.scrollTop = 0;
    if (from === "table" || this.state.tab === "table") this.table.mark();
    else this.table.update();
    if (this.chosen?.node !== undefined) this.picture?.reveal(this.chosen.node);
    if (from === "why") this.why.element.querySelector("h2")?.focus();
    this.tell(this.tellChosen());
    this.showPeek();
    this.showNotice();
    this.remember();
  }

  /** On a phone, where the explanation stands behind a tab: what is chosen, in a line below the picture. */
  showPeek() {
    this.peek.hidden = !this.chosen;
    if (this.chosen)
      fill(
        this.peek,
        make("p", {}, this.tellChosen()),
        make("button", { type: "button", class: "plain", onclick: () => this.set({ tab: "why" }) }, this.say("why")),
      );
  }

  tellChosen() {
    const { chosen, model, say } = this;
    if (!chosen) return say("letGoSaid");
    if (chosen.cluster) return `${say("clusterOf")} ${chosen.cluster}: ${say("pilotsN", { n: chosen.ends.length })}`;
    if (chosen.edge) {
      const edge = this.edgeKeys.get(chosen.edge);
      return say("chosenEdge", {
        a: model.nodes[edge.a].label,
        b: model.nodes[edge.b].label,
        what: tellEdge(this, edge),
      });
    }
    const node = model.nodes[chosen.node];
    return say("chosenNode", {
      name: node.label,
      what: tellMode(this, node.mode),
      links: counted(this, "linksN", this.network.degree.get(chosen.node)),
    });
  }

  /** Choose a node wherever it is: change the view, or let go of the filters, if it is not in the picture. */
  find(index) {
    const { id, mode } = this.model.nodes[index];
    const at = () => makeNetwork(this.model, this.state).nodes.includes(index);
    if (!this.nodeSet.has(index)) {
      const views = { organisation: "actor", kind: "actor", goal: "goal", domain: "domain", place: "place" };
      const kept = this.state;
      this.state = {
        ...kept,
        view: mode === "pilot" ? kept.view : (views[mode] ?? kept.view),
        kinds: kept.kinds || mode === "kind",
        sort: null,
      };
      if (!at()) this.state = { ...this.state, filters: initial().filters, around: [], month: null, funders: true };
      // Of a network that is too large to be shown whole: its surroundings.
      if (!at()) this.state = { ...this.state, around: [id] };
      this.update({ all: true, moved: kept.view !== this.state.view });
    }
    this.choose(`node:${id}`);
  }

  expand(index) {
    const { id } = this.model.nodes[index];
    this.set({ around: [...new Set([...this.state.around, id])], chosen: `node:${id}` });
  }

  pin(index, place) {
    this.set({ pins: { ...this.state.pins, [this.model.nodes[index].id]: place } });
  }

  togglePin(index) {
    const { id } = this.model.nodes[index];
    const { [id]: had, ...others } = this.state.pins;
    if (had) this.set({ pins: others });
    else this.pin(index, turnBack(this.places.get(index), this.upright));
  }

  centre(index) {
    this.picture?.centre(index);
  }

  fit() {
    this.picture?.fit({ slow: true });
  }

  narrow() {
    return matchMedia("(max-width: 56rem)").matches;
  }

  showTab() {
    const asked = this.state.tab;
    const open = asked === "picture" && !this.narrow() ? "show" : asked;
    this.root.dataset.tab = open;
    for (const tab of TABS) {
      const button = this.tabList.querySelector(`.tab-${tab}`);
      button.setAttribute("aria-selected", String(tab === open));
      button.tabIndex = tab === open ? 0 : -1;
      if (tab !== "picture") this.side.querySelector(`#explorer-panel-${tab}`).hidden = tab !== open;
    }
  }

  showNotice() {
    const { model, network, say, state } = this;
    const filters = tellFilters({ ...this, state: { ...state, kinds: false } });
    const { nodes, edges } = network.left;
    const missing =
      state.chosen?.startsWith("node:") && !this.chosen ? model.nodes[model.byId.get(state.chosen.slice(5))] : null;
    fill(
      this.notice,
      filters.length > 0 &&
        make(
          "p",
          {},
          filters.join(" · "),
          " ",
          make("button", { type: "button", class: "plain", onclick: () => this.clear() }, say("clearAll")),
        ),
      missing &&
        make(
          "p",
          {},
          say("notShown", { name: missing.label }),
          " ",
          make(
            "button",
            { type: "button", class: "plain", onclick: () => this.find(missing.index) },
            say("showAnyway", { name: missing.label }),
          ),
        ),
      !this.picture && make("p", {}, say("noWebgl")),
      (nodes > 0 || edges > 0) &&
        make(
          "p",
          {},
          say("part", {
            what: [nodes && counted(this, "nodesN", nodes), edges && counted(this, "linksN", edges)]
              .filter(Boolean)
              .join(` ${say("and")} `),
          }),
        ),
      !network.nodes.length && make("p", {}, say("empty")),
    );
  }

  clear() {
    this.set({ filters: initial().filters, around: [], month: null, funders: true });
  }

  /** A mark in front of a name, as in the picture. */
  mark(index) {
    const look = (this.lookOfNode ??= nodeLooks(
      this.model,
      { nodes: [], degree: new Map(), ranIn: new Map() },
      readTheme(this.root),
    ))(index);
    const { mode } = this.model.nodes[index];
    const pillar = mode === "pilot" ? this.pillarNumber(index) : null;
    return make("span", {
      class: `mark ${look.shape} ${pillar ? `pillar-${pillar}` : mode === "kind" ? "of-kind" : "of-thing"}`,
      "aria-hidden": "true",
    });
  }

  pillarNumber(index) {
    const values = this.model.facets.find(({ name }) => name === "pillar")?.values ?? [];
    const [pillar] = this.model.traits.pillar[index];
    const place = values.findIndex(({ id }) => this.model.byId.get(id) === pillar);
    return place < 0 ? null : (place % 5) + 1;
  }

  /** The picture as a document: light, for it goes on paper or into a report. */
  drawing() {
    const { model, say } = this;
    const page = document.documentElement;
    const { theme } = page.dataset;
    page.dataset.theme = "light";
    this.picture?.retheme();
    const notes = [tellCounts(this), ...tellFilters(this)];
    const drawn = toSvg(this.picture?.scene() ?? stillScene(this, 900, 700), {
      title: say(`view_${this.state.view}`),
      notes,
      legend: legendOf(this, { plain: true }),
      source: `${model.title}, ${say("edition")} ${model.edition}. ${model.licence}`,
    });
    if (theme === undefined) delete page.dataset.theme;
    else page.dataset.theme = theme;
    this.picture?.retheme();
    return drawn;
  }

  preparePrint() {
    this.table.more(Infinity);
    const parsed = new DOMParser().parseFromString(this.drawing(), "image/svg+xml");
    fill(this.printed, document.importNode(parsed.documentElement, true));
  }

  async copy() {
    this.writeAddress();
    try {
      await navigator.clipboard.writeText(location.href);
      this.tell(this.say("copied"));
    } catch {
      // A page from a disk may not write to the clipboard.
      this.tell(this.say("notCopied"));
    }
  }

  /** Say something to those who listen and do not see. */
  tell(text) {
    this.live.textContent = text;
  }

  /** Keep the view in the address bar, a moment after the last change. */
  remember() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.writeAddress(), 200);
  }

  writeAddress() {
    const camera = this.picture?.camera() ?? null;
    this.state.camera = camera && camera.join() !== "0.5,0.5,1" ? camera : null;
    const hash = toHash(this.state);
    if (hash !== location.hash.slice(1))
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  restore() {
    this.state = fromHash(location.hash);
    this.update({ all: true });
    this.picture?.setCamera(this.state.camera ?? [0.5, 0.5, 1]);
  }

  resized() {
    const upright = this.canvas.clientHeight > this.canvas.clientWidth * 1.15;
    if (!this.canvas.clientWidth) return;
    if (upright !== this.upright || !this.picture) this.draw(false);
    else this.picture.retheme();
  }
}
