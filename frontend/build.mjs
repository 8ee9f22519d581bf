// Copies what the pages need from node_modules into src/dokaz/pages/static/vendor, each with its licence.
// Nothing is bundled or rewritten, so that every served file can be compared with the published one.

import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "src", "dokaz", "pages", "static", "vendor");
const require = createRequire(import.meta.url);
const home = (name) => path.join(here, "node_modules", name);

const FILES = {
  "htmx.org": { "dist/htmx.min.js": "htmx.min.js" },
  "maplibre-gl": {
    "dist/maplibre-gl-csp.js": "maplibre-gl-csp.js",
    "dist/maplibre-gl-csp-worker.js": "maplibre-gl-csp-worker.js",
    "dist/maplibre-gl.css": "maplibre-gl.css",
  },
  openseadragon: { "build/openseadragon/openseadragon.min.js": "openseadragon.min.js" },
};

// Latin and Cyrillic, with their extensions (Ukrainian ґ lies in the extension): upright for text, one italic for names of works.
const FONTS = {
  "@fontsource/ibm-plex-sans": { family: "IBM Plex Sans", faces: ["400-normal", "400-italic", "500-normal", "600-normal"] },
  "@fontsource/ibm-plex-mono": { family: "IBM Plex Mono", faces: ["400-normal", "500-normal"] },
};
const RANGES = {
  "cyrillic-ext": "U+0460-052F, U+1C80-1C8A, U+20B4, U+2DE0-2DFF, U+A640-A69F, U+FE2E-FE2F",
  cyrillic: "U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116",
  "latin-ext":
    "U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, " +
    "U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF",
  latin:
    "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, " +
    "U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD",
};

async function main() {
  await rm(target, { recursive: true, force: true });
  await mkdir(path.join(target, "fonts"), { recursive: true });
  for (const [name, files] of Object.entries(FILES)) {
    for (const [from, to] of Object.entries(files)) {
      await copyWithoutSourceMap(path.join(home(name), from), path.join(target, to));
    }
    await copyLicence(name);
  }
  await writeFile(path.join(target, "fonts", "plex.css"), await fonts());
  const versions = [...Object.keys(FILES), ...Object.keys(FONTS)].map((name) => {
    const { version, license } = require(path.join(home(name), "package.json"));
    return { name, version, license };
  });
  await writeFile(path.join(target, "versions.json"), JSON.stringify(versions, null, 2) + "\n");
  console.log(`front end: ${versions.map((v) => `${v.name} ${v.version}`).join(", ")}`);
}

// A source map that is not served would be asked for by developer tools; the comment goes, the code stays.
async function copyWithoutSourceMap(from, to) {
  const text = await readFile(from, "utf8");
  await writeFile(to, text.replace(/\n?\/[/*]# sourceMappingURL=.*?(\*\/)?\s*$/, "\n"));
}

async function copyLicence(name) {
  const found = (await readdir(home(name))).find((file) => /^licen[sc]e/i.test(file));
  const to = path.join(target, "licences", `${name.replace("/", "-").replace("@", "")}.txt`);
  await mkdir(path.dirname(to), { recursive: true });
  if (found) await cp(path.join(home(name), found), to);
}

async function fonts() {
  let css = "/* IBM Plex, SIL Open Font License 1.1 */\n";
  for (const [name, { family, faces }] of Object.entries(FONTS)) {
    await copyLicence(name);
    for (const face of faces) {
      for (const [subset, range] of Object.entries(RANGES)) {
        const file = `${name.split("/")[1]}-${subset}-${face}.woff2`;
        await cp(path.join(home(name), "files", file), path.join(target, "fonts", file));
        const [weight, style] = face.split("-");
        css +=
          `@font-face{font-family:"${family}";font-style:${style};font-weight:${weight};font-display:swap;` +
          `src:url("${file}") format("woff2");unicode-range:${range}}\n`;
      }
    }
  }
  return css;
}

await main();
