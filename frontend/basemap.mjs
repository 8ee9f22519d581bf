// Makes src/dokaz/pages/basemap/basemap.geojson from Natural Earth (public domain), as published in the npm package world-atlas.
//
//   npm ci && node basemap.mjs
//
// Natural Earth draws who holds a territory. Dokaz draws boundaries as the General Assembly of the United Nations affirmed
// them: by resolution 68/262 the Autonomous Republic of Crimea and the city of Sevastopol are Ukraine. The polygon that holds
// Simferopol is therefore taken out of Russia and dissolved into Ukraine, before anything is simplified.

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { feature, mergeArcs, mesh } = require("topojson-client");
const { presimplify, simplify } = require("topojson-simplify");

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "src", "dokaz", "pages", "basemap", "basemap.geojson");

const UKRAINE = "804";
const RUSSIA = "643";
const SIMFEROPOL = [34.1, 44.95];
// Drawn as part of the state to which the United Nations counts them.
const PART_OF = { Somaliland: "706", "N. Cyprus": "196", "Cyprus U.N. Buffer Zone": "196", Baikonur: "398" };
// Full detail here; the rest of the world is only for finding one's way.
const DETAIL = { west: 19, south: 43, east: 43, north: 55 };
const COARSE = 0.01; // square degrees of the triangle that a point must span to be kept elsewhere
const SPECK = 0.15; // square degrees below which an island elsewhere is left out

async function main() {
  const world = JSON.parse(await readFile(require.resolve("world-atlas/countries-10m.json"), "utf8"));
  const countries = world.objects.countries;
  giveBackCrimea(world, countries.geometries);
  for (const [name, id] of Object.entries(PART_OF)) dissolve(world, countries.geometries, name, id);
  const thin = thinned(world);
  const states = feature(thin, thin.objects.countries)
    .features.map((state) => ({ ...state, geometry: tidy(state.geometry) }))
    .filter((state) => state.geometry.coordinates.length)
    .map(({ id, properties, geometry }) => ({
      type: "Feature",
      properties: { kind: "state", id: id ?? "", name: properties.name },
      geometry,
    }));
  const lines = mesh(thin, thin.objects.countries, (a, b) => a !== b);
  const borders = { type: "Feature", properties: { kind: "border" }, geometry: rounded(lines) };
  const collection = { type: "FeatureCollection", features: [...states, borders] };
  const text = collection.features.map((one) => JSON.stringify(one)).join(",\n");
  await writeFile(target, `{"type":"FeatureCollection","features":[\n${text}\n]}\n`);
  console.log(`basemap: ${states.length} states, ${(text.length / 1024).toFixed(0)} KiB`);
}

function giveBackCrimea(world, states) {
  const russia = states.find((state) => state.id === RUSSIA);
  const ukraine = states.find((state) => state.id === UKRAINE);
  const holds = (arcs) => within(SIMFEROPOL, feature(world, { type: "Polygon", arcs }).geometry.coordinates);
  const crimea = russia.arcs.filter(holds);
  if (crimea.length !== 1) throw new Error(`expected one polygon of Russia to hold Simferopol, found ${crimea.length}`);
  russia.arcs = russia.arcs.filter((arcs) => !holds(arcs));
  Object.assign(ukraine, mergeArcs(world, [ukraine, { type: "MultiPolygon", arcs: crimea }]));
}

function dissolve(world, states, name, id) {
  const part = states.find((state) => state.properties.name === name);
  const whole = states.find((state) => state.id === id);
  Object.assign(whole, mergeArcs(world, [whole, part]));
  states.splice(states.indexOf(part), 1);
}

// Weighs every point, and lets no point inside the detailed region go.
function thinned(world) {
  const weighed = presimplify(world);
  for (const arc of weighed.arcs) {
    for (const point of arc) {
      const [x, y] = point;
      if (x > DETAIL.west && x < DETAIL.east && y > DETAIL.south && y < DETAIL.north) point[2] = Infinity;
    }
  }
  return simplify(weighed, COARSE);
}

function tidy(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const kept = polygons
    .filter(([ring]) => area(ring) > SPECK || (near(ring) && area(ring) > 0.0005))
    .map((rings) => rings.map((ring) => unbroken(ring.map(round))).filter((ring) => ring.length > 3));
  return { type: "MultiPolygon", coordinates: kept };
}

// A ring that crosses the 180th meridian goes on beyond it. Else its edge would run back across the whole map, and the fill
// of Russia would cover a part of Ukraine. A ring round a pole (Antarctica) stays as it is.
function unbroken(ring) {
  let turns = 0;
  const whole = ring.map(([x, y], i) => {
    const step = i ? x - ring[i - 1][0] : 0;
    if (step > 180) turns--;
    if (step < -180) turns++;
    return [x + 360 * turns, y];
  });
  if (turns !== 0) return ring;
  const east = whole.map(([x]) => x);
  const home = 360 * Math.round((Math.min(...east) + Math.max(...east)) / 720);
  return whole.map(([x, y]) => [+(x - home).toFixed(3), y]);
}

const rounded = (lines) => ({ type: "MultiLineString", coordinates: lines.coordinates.map((line) => line.map(round)) });
const inDetail = ([x, y]) => x > DETAIL.west && x < DETAIL.east && y > DETAIL.south && y < DETAIL.north;
const near = (ring) => ring.some(inDetail);
const round = (point) => (inDetail(point) ? point.map((n) => +n.toFixed(3)) : point.map((n) => +n.toFixed(2))).slice(0, 2);

function area(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  return Math.abs(twice / 2);
}

function within([x, y], [ring, ...holes]) {
  const inside = (line) => {
    let odd = false;
    for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
      const [ax, ay] = line[i];
      const [bx, by] = line[j];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
    }
    return odd;
  };
  return inside(ring) && !holes.some(inside);
}

await main();
