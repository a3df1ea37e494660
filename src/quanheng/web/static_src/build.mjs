// Copies the few third-party files that the pages load out of node_modules, without the address of a source map
// that is not there. Our own css and js need no building: they are sources under static/quanheng. Names with
// hashes and compressed twins are made from all of them by `quanheng collectstatic`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "../../../../node_modules");
const vendor = join(here, "../static/vendor");

const FILES = [
  "@tabler/core/dist/css/tabler.min.css",
  "echarts/dist/echarts.common.min.js",
  "htmx.org/dist/htmx.min.js",
  "jsqr/dist/jsQR.js", // fetched by the camera page alone, where the browser has no detector of its own
  "axe-core/axe.min.js", // read by the tests only; no page loads it
];

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
for (const file of FILES) {
  const target = join(vendor, basename(file));
  const text = readFileSync(join(modules, file), "utf8");
  writeFileSync(target, text.replace(/\s*(?:\/\*|\/\/)# sourceMappingURL=\S+\.map(?:\s*\*\/)?\s*$/, "\n"));
}
writeFileSync(join(vendor, ".built"), ""); // what `make setup` looks at
console.log(`vendor: ${FILES.length} files`);
