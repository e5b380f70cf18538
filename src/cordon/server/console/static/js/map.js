// The map: places come from the server, so that it looks the same each time; here it is only drawn and walked.
import cytoscape from "../vendor/cytoscape.js";
import { colour, isDark } from "./theme.js";

const drawn = new WeakMap();
const font = "IBM Plex Sans, sans-serif";

function style() {
  const [ink, soft, faint, line, sunk, amber, teal, paper] = ["--ink", "--ink-soft", "--ink-faint", "--line-firm", "--sunk", "--amber-fill", "--teal", "--sheet"].map(colour);
  return [
    { selector: "node[kind = 'zone']", style: { shape: "round-rectangle", "background-color": sunk, "background-opacity": 0.55, "border-width": 1, "border-color": colour("--line"), label: "data(label)", color: soft, "font-family": font, "font-size": 17, "font-weight": 500, "text-valign": "top", "text-halign": "center", "text-margin-y": -6, padding: 26 } },
    { selector: "node[kind = 'node']", style: { shape: "round-rectangle", width: 44, height: 44, "background-opacity": 0, "background-image": (n) => `${n.data("picture")}?theme=${isDark() ? "dark" : "light"}`, "background-fit": "contain", "background-clip": "none", label: "data(label)", color: ink, "font-family": font, "font-size": 12, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis", "text-max-width": 88, "text-outline-width": 2, "text-outline-color": paper, "min-zoomed-font-size": 7 } },
    { selector: "edge[kind = 'usual']", style: { "curve-style": "unbundled-bezier", "control-point-distances": 40, "control-point-weights": 0.5, width: "data(width)", "line-color": line, "line-opacity": 0.28, "overlay-opacity": 0, events: "no" } },
    { selector: "edge[kind = 'unusual']", style: { "curve-style": "unbundled-bezier", "control-point-distances": "data(bend)", "control-point-weights": 0.5, width: 2.5, "line-color": amber, "target-arrow-shape": "triangle", "target-arrow-color": amber, "arrow-scale": 1.1 } },
    { selector: "node.here", style: { "overlay-color": teal, "overlay-opacity": 0.25, "overlay-padding": 6 } },
    { selector: ".away", style: { opacity: 0.25 } },
    { selector: "edge.near", style: { "line-opacity": 1 } },
    { selector: "node", style: { "text-events": "yes" } },
    { selector: "core", style: { "active-bg-opacity": 0 } },
    { selector: "node[faint]", style: { color: faint } },
  ];
}

function elements(map) {
  const at = new Map(map.nodes.map((n) => [n.id, n]));
  const bend = (a, b) => (at.has(a) && at.has(b) ? -Math.min(90, 14 + 0.16 * Math.hypot(at.get(a).x - at.get(b).x, at.get(a).y - at.get(b).y)) : -30);
  const most = Math.max(1, ...map.usual.map((b) => b.bytes));
  return [
    ...map.zones.map((z) => ({ group: "nodes", data: { id: z.id, label: z.label, kind: "zone" }, selectable: false, grabbable: false })),
    ...map.nodes.map((n) => ({ group: "nodes", data: { id: n.id, label: n.label, parent: n.zone, kind: "node", picture: n.picture, href: n.href, says: n.says }, position: { x: n.x, y: n.y }, grabbable: false })),
    ...map.usual.map((b, n) => ({ group: "edges", data: { id: `usual-${n}`, source: b.source, target: b.target, kind: "usual", width: 1 + 5 * (b.bytes / most) ** (1 / 3) } })),
    ...map.unusual.map((u, n) => ({ group: "edges", data: { id: `unusual-${n}`, source: u.source, target: u.target, kind: "unusual", says: u.says, bend: bend(u.source, u.target) } })),
  ];
}

function say(box, node) {
  const note = box.querySelector(".note");
  if (!node) { note.hidden = true; return; }
  const name = document.createElement("b");
  name.textContent = node.data("label");
  const unusual = node.connectedEdges("[kind = 'unusual']").length;
  note.replaceChildren(name, ` · ${node.data("says")}${unusual ? ` · ${unusual} unusual ${unusual === 1 ? "link" : "links"}` : ""}${node.data("href") ? " · press Enter to open" : ""}`);
  note.hidden = false;
}

function here(cy, box, node) {
  cy.elements().removeClass("here near away");
  if (node) {
    node.addClass("here");
    node.connectedEdges("[kind = 'unusual']").addClass("near");
  }
  say(box, node);
}

function next(cy, from, key) {
  const nodes = cy.nodes("[kind = 'node']");
  if (!from) return nodes.first();
  const at = from.position();
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  let best = from;
  let least = Infinity;
  nodes.forEach((node) => {
    const p = node.position();
    const ahead = (p.x - at.x) * dx + (p.y - at.y) * dy;
    const aside = Math.abs((p.x - at.x) * dy) + Math.abs((p.y - at.y) * dx);
    if (node.same(from) || ahead <= 1) return;
    const cost = ahead + 2.2 * aside;
    if (cost < least) { least = cost; best = node; }
  });
  return best;
}

function walk(cy, box) {
  const canvas = box.querySelector(".canvas");
  let at = null;
  const go = (node) => { at = node; here(cy, box, node); };
  cy.on("tap", "node[kind = 'node']", (event) => {
    const node = event.target;
    if (at?.same(node) && node.data("href")) location.href = node.data("href");
    else go(node);
  });
  cy.on("dbltap", "node[kind = 'node']", (event) => { if (event.target.data("href")) location.href = event.target.data("href"); });
  cy.on("mouseover", "node[kind = 'node']", (event) => say(box, event.target));
  cy.on("tap", (event) => { if (event.target === cy) go(null); });
  canvas.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      go(next(cy, at, event.key));
      const p = at.renderedPosition();
      if (p.x < 40 || p.y < 40 || p.x > cy.width() - 40 || p.y > cy.height() - 40) cy.center(at);
    }
    if (event.key === "Enter" && at?.data("href")) location.href = at.data("href");
    if (event.key === "Escape") go(null);
  });
}

function tools(cy, box) {
  const centre = () => ({ x: cy.width() / 2, y: cy.height() / 2 });
  box.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    if (button.dataset.zoom === "fit") cy.fit(undefined, 28);
    else cy.zoom({ level: cy.zoom() * (button.dataset.zoom === "in" ? 1.35 : 0.74), renderedPosition: centre() });
  }));
}

// On a narrow screen the whole site would be too small to read: begin where something is unusual.
function begin(cy) {
  cy.fit(undefined, 28);
  const unusual = cy.edges("[kind = 'unusual']");
  if (cy.width() >= 600) return;
  cy.zoom(0.85);
  cy.center(unusual.empty() ? cy.nodes("[kind = 'node']").first() : unusual.sources().first());
}

async function load(state, box) {
  const answer = await fetch(box.dataset.map).catch(() => null);
  if (!answer?.ok) return;
  const map = await answer.json();
  const text = JSON.stringify(map);
  if (text === state.text) return;
  state.text = text;
  if (!state.cy) {
    await document.fonts.ready;
    state.cy = cytoscape({ container: box.querySelector(".canvas"), elements: elements(map), style: style(), layout: { name: "preset" }, minZoom: 0.15, maxZoom: 3, boxSelectionEnabled: false, autounselectify: true, userZoomingEnabled: matchMedia("(pointer: coarse)").matches });
    begin(state.cy);
    walk(state.cy, box);
    tools(state.cy, box);
    window.cordonMap = state.cy;
  } else {
    state.cy.json({ elements: elements(map) });
  }
}

export async function draw(box) {
  if (drawn.has(box)) return;
  const state = { cy: null, text: "" };
  drawn.set(box, state);
  document.addEventListener("cordon:theme", () => state.cy?.style(style()));
  document.addEventListener("cordon:renewed", () => { if (box.isConnected) load(state, box); });
  await load(state, box);
}
