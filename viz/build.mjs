// Bundles src/<name>/index.js into dist/<name>.js and its styles into dist/<name>.css.
// A bundle is one file that names no address, so that a page can carry it inside itself or load it from its own host.
//
//   node build.mjs            all of them
//   node build.mjs explorer   one of them
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { licences } from "./licences.mjs";
import { outline } from "./outline.mjs";

// Each name is a folder under src/ and gives dist/<name>.js and, if the script imports styles, dist/<name>.css.
const ENTRIES = ["explorer", "explorer-levels", "sparql", "sparql-editor", "sparql-worker", "ask", "search"];

// Files that are carried over as they are: [path in a package, name in dist/].
const COPIES = [];

// Large files that are carried over packed, since many hosts send them as they lie: the page unpacks them.
const PACKED = [["oxigraph/web_bg.wasm", "oxigraph.wasm.gz"]];

const named = process.argv.slice(2);
const unknown = named.filter((name) => !ENTRIES.includes(name));
if (unknown.length) {
  console.error(`${unknown.join(", ")}: no such bundle; there are ${ENTRIES.join(", ")}`);
  process.exit(2);
}
await mkdir("dist", { recursive: true });
const { metafile } = await build({
  entryPoints: (named.length ? named : ENTRIES).map((name) => ({ in: `src/${name}/index.js`, out: name })),
  outdir: "dist",
  bundle: true,
  format: "iife",
  target: ["chrome110", "firefox115", "safari16"],
  charset: "utf8",
  legalComments: "eof",
  minify: true,
  logLevel: "warning",
  metafile: true,
  // The engine's own loader would look beside the script; the page hands it the compiled module.
  define: { "import.meta.url": '""' },
});
const packageFile = (path) => fileURLToPath(import.meta.resolve(path));
for (const [from, to] of PACKED)
  await writeFile(`dist/${to}`, gzipSync(await readFile(packageFile(from)), { level: 9 }));
for (const [from, to] of COPIES) await copyFile(packageFile(from), `dist/${to}`);
await writeFile("dist/outline.json", await outline(packageFile("world-atlas/countries-10m.json")));
// A page that carries a bundle inside itself carries the licences of what is in it too.
for (const [path, { inputs }] of Object.entries(metafile.outputs))
  if (path.endsWith(".js")) await writeFile(path.replace(/js$/, "licences.txt"), await licences(Object.keys(inputs)));
const carried = [...PACKED, ...COPIES].map(([from]) => packageFile(from));
const files = [...Object.keys(metafile.inputs), ...carried, packageFile("world-atlas/countries-10m.json")];
if (!named.length) await writeFile("dist/third-party-licences.txt", await licences(files));
