// The editor as a bundle of its own: a page loads it when somebody wants to see or change a query.

import { completionSource } from "./complete.js";
import { makeEditor } from "./editor.js";
import { parser } from "./grammar.js";

globalThis.pilotgraphEditor = { makeEditor, completionSource, parser };
