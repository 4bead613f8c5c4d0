// What the tests share: our own scripts, a bare file server, a real browser that writes down what goes wrong.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const NO_CHROMIUM = existsSync(CHROMIUM) ? false : `there is no browser at ${CHROMIUM}`;
const PYTHON = process.env.PYTHON ?? `${ROOT}.venv/bin/python`;
// The policy of the server rules for everything but the pages that compile WebAssembly, which bring their own.
const POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'";
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** Runs a script of ours and gives what it writes. */
export function python(...args) {
  const env = { ...process.env, PYTHONPATH: ROOT };
  return execFileSync(PYTHON, args, { cwd: ROOT, env, encoding: "utf8", maxBuffer: 1 << 28 });
}

/** An empty folder. */
export function folder() {
  return mkdtempSync(join(tmpdir(), "pilotgraph-"));
}

/** A site to look at: the one that PILOTGRAPH_SITE names, made by `pilotgraph site`, or the four pages made here. */
export function siteFolder() {
  if (process.env.PILOTGRAPH_SITE) return process.env.PILOTGRAPH_SITE;
  const root = folder();
  python("viz/tests/sparql_site.py", root);
  return root;
}

/** Serves a folder as the simplest host does: no compression, no rule, unknown types as bytes. */
export async function served(root) {
  const server = createServer(({ url }, response) => {
    const path = join(root, normalize(decodeURIComponent(new URL(url, "http://localhost").pathname)));
    if (!existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const policy = extname(path) === ".html" ? {} : { "Content-Security-Policy": POLICY };
    response
      .writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", ...policy })
      .end(readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A browser; close it when done. */
export function browser() {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/**
 * A page that keeps what must not happen: errors on the console, requests to other hosts, dialogs, violations of the
 * content security policy. `troubles` lists them.
 */
export async function watched(context, origin) {
  const page = await context.newPage();
  const troubles = [];
  page.on("console", (message) => message.type() === "error" && troubles.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => (troubles.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on("request", (request) => {
    const { protocol } = new URL(request.url());
    const own = request.url().startsWith(`${origin}/`) || protocol === "blob:" || protocol === "data:";
    if (!own) troubles.push(`request: ${request.url()}`);
  });
  return { page, troubles };
}
