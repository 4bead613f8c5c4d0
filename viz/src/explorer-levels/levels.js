// Holds where the reader is in the network: the whole, a group, or a part of it; the address bar says so, so that the
// browser's own back button goes back.

import { fill, make } from "../explorer/dom.js";
import { numberOf } from "../explorer/words.js";
import { addressOf, partOf } from "./address.js";
import { NameSearch } from "./finder.js";
import { loader } from "./load.js";
import { Overview } from "./overview.js";
import { PartExplorer } from "./part.js";
import { groupName, levelWords } from "./words.js";

export class Levels {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.say = levelWords(data.language);
    this.format = numberOf(data.language);
    this.modes = data.modes;
    this.load = loader(data.folder);
    this.names = { keys: data.names, load: this.load };
    this.number = null;
    this.search = new NameSearch(this);
    this.trail = make("nav", { class: "trail", "aria-label": this.say("trail") });
    this.view = make("div", { class: "view" });
    this.live = make("p", { class: "unseen", role: "status", "aria-live": "polite" });
    fill(root, this.trail, this.view, this.live);
    root.classList.add("levels");
    addEventListener("hashchange", () => this.go());
    this.go({ first: true });
  }

  /** Say something to those who listen and do not see. */
  tell(text) {
    this.live.textContent = text;
  }

  /** Show what the address names, unless it is shown. */
  async go({ first = false } = {}) {
    const number = partOf(location.hash);
    if (number === this.number) return;
    this.number = number;
    const waiting = setTimeout(() => this.tellWaiting(), 150);
    try {
      const found = number ? await this.load(`part-${number}`) : { ...this.data.level };
      // Who has gone on meanwhile wants to see something else.
      if (this.number === number) this.show(found, { first });
    } catch (error) {
      // A script that does not load says no more than its address.
      if (this.number === number) this.showFailure(error);
    } finally {
      clearTimeout(waiting);
    }
  }

  show(found, { first }) {
    this.shown?.close();
    const heading = found.part ?? found;
    this.showTrail(heading);
    const view = make("div", { class: "view" });
    this.view.replaceWith(view);
    this.view = view;
    this.root.dataset.level = found.part ? "part" : "groups";
    this.shown = found.part ? new PartExplorer(view, found, this) : new Overview(view, found, this);
    this.root.dataset.ready = "yes";
    this.root.dataset.number = heading.number;
    const counts = this.say("pilotsN", { n: heading.pilots });
    this.tell(this.say("opened", { name: groupName(this.say, heading), counts }));
    if (!first) this.trail.querySelector("[aria-current]")?.focus();
  }

  /** The groups around the one that is shown, and the way back. */
  showTrail(heading) {
    const { say } = this;
    const around = heading.number
      ? [{ number: "", kind: "whole", title: [] }, ...heading.around.map(([number, title]) => ({ number, kind: "group", title }))]
      : [];
    const above = around.at(-1);
    const link = (group) => make("a", { href: addressOf(group.number) }, groupName(say, group));
    fill(
      this.trail,
      above &&
        make(
          "a",
          { class: "back", href: addressOf(above.number), "aria-label": say("back", { name: groupName(say, above) }) },
          "←",
        ),
      make(
        "ol",
        {},
        around.map((group) => make("li", {}, link(group))),
        make("li", {}, make("span", { "aria-current": "page", tabindex: "-1" }, groupName(say, heading))),
      ),
    );
  }

  tellWaiting() {
    this.root.removeAttribute("data-ready");
    this.tell(this.say("loading"));
    this.trail.append(make("span", { class: "waiting" }, this.say("loading")));
  }

  showFailure(error) {
    const { say } = this;
    this.shown?.close();
    this.shown = null;
    const said = say("failed", { file: decodeURIComponent(error.message.split("/").slice(-2).join("/")) });
    const again = () => {
      this.number = null;
      this.go();
    };
    this.showTrail({ number: "?", kind: "group", title: [this.number], around: [], pilots: 0 });
    fill(
      this.view,
      make(
        "div",
        { class: "failed" },
        make("p", { role: "alert" }, said),
        make("p", {}, make("button", { type: "button", onclick: again }, say("again"))),
      ),
    );
    this.view.className = "view explorer";
    this.root.dataset.ready = "yes";
  }
}
