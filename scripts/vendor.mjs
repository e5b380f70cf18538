// Copies what the console's pages load out of node_modules into the package, with each licence beside it.
// Run after `npm ci`; the folder is replaced as a whole, so nothing old stays behind.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const target = join(root, "src/cordon/server/console/static/vendor");
const fresh = `${target}.new`;

const fonts = (family, weights) =>
  weights.map((weight) => [
    `@fontsource/${family}/files/${family}-latin-${weight}-normal.woff2`,
    `fonts/${family}-${weight}.woff2`,
  ]);

const wanted = [
  ["htmx.org/dist/htmx.min.js", "htmx.min.js"],
  ["htmx.org/LICENSE", "licences/htmx.txt"],
  ["cytoscape/dist/cytoscape.esm.min.mjs", "cytoscape.js"],
  ["cytoscape/LICENSE", "licences/cytoscape.txt"],
  ["uplot/dist/uPlot.esm.js", "uplot.js"],
  ["uplot/dist/uPlot.min.css", "uplot.css"],
  ["uplot/LICENSE", "licences/uplot.txt"],
  ...fonts("ibm-plex-sans", [400, 500, 600]),
  ...fonts("ibm-plex-mono", [400, 500]),
  ["@fontsource/ibm-plex-sans/LICENSE", "licences/ibm-plex-sans.txt"],
  ["@fontsource/ibm-plex-mono/LICENSE", "licences/ibm-plex-mono.txt"],
];

const missing = wanted.filter(([from]) => !existsSync(join(modules, from)));
if (missing.length > 0) {
  console.error(`not installed: ${missing[0][0]}; run npm ci first`);
  process.exit(2);
}
rmSync(fresh, { recursive: true, force: true });
for (const [from, to] of wanted) {
  mkdirSync(dirname(join(fresh, to)), { recursive: true });
  cpSync(join(modules, from), join(fresh, to));
}
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
console.log(`${wanted.length} files in src/cordon/server/console/static/vendor`);
