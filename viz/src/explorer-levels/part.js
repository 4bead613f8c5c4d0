// A part of the network: the explorer itself, with a search over the whole and the ways to other parts.

import { make } from "../explorer/dom.js";
import { Explorer } from "../explorer/explorer.js";
import { toHash } from "../explorer/state.js";
import { addressOf, partOf } from "./address.js";
import { lazyLayouts } from "./layouts.js";
import { groupName } from "./words.js";

export class PartExplorer extends Explorer {
  constructor(root, data, levels) {
    super(root, { ...data, layouts: lazyLayouts(data) });
    this.levels = levels;
    this.partNumber = data.part.number;
    this.search.element.replaceWith(levels.search.element);
    const node = this.why.node.bind(this.why);
    this.why.node = (index) => [...node(index), this.elsewhere(this.model.nodes[index])];
    this.why.update();
    root.dataset.ready = "yes";
  }

  /** Where else the chosen thing is. */
  elsewhere({ elsewhere, mode }) {
    if (!elsewhere) return null;
    const { say } = this.levels;
    const { at, parts, total } = elsewhere;
    const said =
      mode === "pilot"
        ? say("elsewherePilot")
        : say("elsewhereSaid", { pilots: say("pilotsN", { n: total }), groups: say("groupsN", { n: parts }) });
    const item = ([number, title, n, id]) =>
      make(
        "li",
        {},
        make("a", { href: addressOf(number, id, mode) }, title.join(", ")),
        !id && make("span", { class: "quiet" }, ` ${say("pilotsN", { n })}`),
      );
    return [
      make("h3", {}, say("elsewhere")),
      make("p", { class: "small" }, said, at.length < parts && ` ${say("elsewhereMore", { n: at.length })}`),
      make("ul", { class: "elsewhere" }, at.map(item)),
    ];
  }

  writeAddress() {
    if (this.gone) return;
    const camera = this.picture?.camera() ?? null;
    this.state.camera = camera && camera.join() !== "0.5,0.5,1" ? camera : null;
    const hash = [`part=${this.partNumber}`, toHash(this.state)].filter(Boolean).join("&");
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", `#${hash}`);
  }

  restore() {
    if (!this.gone && partOf(location.hash) === this.partNumber) super.restore();
  }

  preparePrint() {
    if (!this.gone) super.preparePrint();
  }

  drawStill() {
    if (!this.gone) super.drawStill();
  }

  resized() {
    if (!this.gone) super.resized();
  }

  /** Let go of the picture and the data: the reader goes elsewhere. */
  close() {
    this.gone = true;
    clearTimeout(this.timer);
    this.picture?.sigma.kill();
    this.picture = null;
    this.model = this.network = this.places = null;
  }
}

/** What a part is called, for the trail. */
export const partName = (say, { part }) => groupName(say, part);
