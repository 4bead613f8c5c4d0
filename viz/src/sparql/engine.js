// The query engine: Oxigraph in a worker, loaded when first used. A query that takes too long is stopped by ending the
// worker, since the engine does not look up while it works; the page keeps the compiled module and the packed data, so
// that the next worker is ready in a moment.

import { withLimit } from "./tokens.js";

/** What the page asks for itself may take this long. */
const OWN_SECONDS = 60;

/** The query was stopped by the visitor. */
export class Stopped extends Error {}

/** The query took longer than the limit. */
export class TimedOut extends Error {}

/** The engine broke on the query, for want of memory or stack, and was started again. */
export class Broken extends Error {}

/** The files of the engine could not be had. */
export class Unreachable extends Error {}

/** The query has a mistake; `line` and `column` begin at 1, 0 if the place is not known. */
export class QueryFault extends Error {
  constructor(message, line, column) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

export class Engine {
  /** `files` has the addresses `worker`, `module` and `data`; `model` is what proofs need to know. */
  constructor(files, model) {
    this.files = files;
    this.model = model;
    this.number = 0;
    this.waiting = new Map();
    this.onstate = () => {};
  }

  /** Whether a worker is ready to answer. */
  get ready() {
    return this.isReady === true;
  }

  /** Whether anything is being answered. */
  get busy() {
    return this.waiting.size > 0;
  }

  /** Starts a worker unless there is one; resolves when the data are loaded. */
  start() {
    this.starting ??= this.begin().catch((error) => {
      this.starting = null;
      throw error;
    });
    return this.starting;
  }

  async begin() {
    this.onstate("loading");
    this.fetched ??= Promise.all([compiled(this.files.module), bytesOf(this.files.data), this.model()]);
    let found;
    try {
      found = await this.fetched;
    } catch (error) {
      this.fetched = null;
      throw new Unreachable(String(error.message));
    }
    const [module, data, model] = found;
    this.worker = new Worker(this.files.worker);
    this.worker.onmessage = ({ data: message }) => this.settle(message);
    this.worker.onerror = () => this.end(new Unreachable(this.files.worker));
    await this.ask("start", { module, data, model });
    this.isReady = true;
    this.onstate("ready");
  }

  /**
   * Answers a query: `{vars, rows, truncated}`, `{boolean}` or `{quads, truncated}`, and `milliseconds`.
   *
   * At most `rows` rows are made, and it is stopped after `seconds`.
   */
  async query(text, { rows, seconds, form }) {
    await this.start();
    const graph = form === "CONSTRUCT" || form === "DESCRIBE";
    const begun = performance.now();
    const timer = setTimeout(() => this.end(new TimedOut()), seconds * 1000);
    try {
      const answer = await this.ask("query", { text: withLimit(text, rows + 1), graph });
      return { ...read(answer, rows), milliseconds: performance.now() - begun };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Answers a small query of the page itself, as objects of terms by variable. */
  async rows(text) {
    return JSON.parse((await this.call("query", { text, graph: false }, OWN_SECONDS)).json).results.bindings;
  }

  /** Asks for something else that the worker can do, within a time. */
  async call(action, given, seconds) {
    await this.start();
    const timer = setTimeout(() => this.end(new TimedOut()), seconds * 1000);
    try {
      return await this.ask(action, given);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Stops whatever is being answered. */
  stop() {
    this.end(new Stopped());
  }

  ask(action, given) {
    this.number += 1;
    const id = this.number;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, action, ...given });
    });
  }

  settle({ id, result, error, broken }) {
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (!asked) return;
    if (error === undefined) asked.resolve(result);
    else if (broken) {
      asked.reject(new Broken(error));
      this.end(new Broken(error));
    } else asked.reject(faultOf(error));
  }

  end(reason) {
    this.worker?.terminate();
    this.worker = null;
    this.starting = null;
    this.isReady = false;
    const asked = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of asked) reject(reason);
    this.onstate("ended");
  }
}

function faultOf(message) {
  const place = /^error at (\d+):(\d+): ([^]*)$/.exec(message);
  return place ? new QueryFault(place[3], Number(place[1]), Number(place[2])) : new QueryFault(message, 0, 0);
}

function read({ json, quads }, most) {
  if (quads) return { quads: quads.slice(0, most), truncated: quads.length > most };
  const answer = JSON.parse(json);
  if ("boolean" in answer) return { boolean: answer.boolean };
  const { bindings } = answer.results;
  return { vars: answer.head.vars, rows: bindings.slice(0, most), truncated: bindings.length > most };
}

async function bytesOf(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

/** The module is compiled in the page, whose policy allows that, and shipped packed: hosts often send it unpacked. */
async function compiled(address) {
  const data = new Uint8Array(await bytesOf(address));
  if (data[0] !== 0x1f || data[1] !== 0x8b) return WebAssembly.compile(data);
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}
