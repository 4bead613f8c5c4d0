// The text of the query, and the editor for it, which is loaded when it is first looked at.

import { h } from "./dom.js";

export class Editor {
  /** `address` is that of the editor's bundle; `options(bundle)` gives what the editor is made with. */
  constructor(host, address, options) {
    this.host = host;
    this.address = address;
    this.options = options;
    this.held = "";
  }

  get text() {
    return this.view ? this.view.text : this.held;
  }

  setText(text) {
    this.held = text;
    this.view?.setText(text);
  }

  /** The parser of the editor's grammar; undefined before it is loaded. */
  get parser() {
    return globalThis.pilotgraphEditor?.parser;
  }

  /** Loads and shows the editor; after that it is there at once. */
  open() {
    this.opening ??= loaded(this.address).then(() => {
      this.view = globalThis.pilotgraphEditor.makeEditor(this.host, this.options(globalThis.pilotgraphEditor));
      this.view.setText(this.held);
    });
    return this.opening;
  }

  /** Marks a mistake, or with null none. */
  mark(mistake) {
    this.view?.mark(mistake);
  }
}

function loaded(address) {
  return new Promise((resolve, reject) => {
    const script = h("script", { src: address, load: resolve, error: () => reject(new Error(address)) });
    document.head.append(script);
  });
}
