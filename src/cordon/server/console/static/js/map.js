// The map: places come from the server, so that it looks the same each time; here it is only drawn and walked.
import cytoscape from "../vendor/cytoscape.js";
import { colour, isDark } from "./theme.js";

const drawn = new WeakMap();
const font = "IBM Plex Sans, sans-serif";

function style(map) {
  const [ink, soft, line, sunk, amber, red, teal, paper] = ["--ink", "--ink-soft", "--line-firm", "--sunk", "--amber-fill", "--red", "--teal", "--sheet"].map(colour);
  const tight = map.mark < 32;
  const name = { label: "data(label)", color: ink, "font-family": font, "font-size": tight ? 11.5 : 12, "text-valign": "bottom", "text-margin-y": 3, "text-wrap": "ellipsis", "text-max-width": "data(room)", "text-outline-width": 2.5, "text-outline-color": paper };
  return [
    { selector: "node, edge", style: { "z-index-compare": "manual", "overlay-opacity": 0 } },
    { selector: "node[kind = 'zone']", style: { shape: "round-rectangle", width: "data(width)", height: "data(height)", "background-color": sunk, "background-opacity": 0.5, "border-width": 1, "border-color": colour("--line"), label: "data(label)", color: soft, "font-family": font, "font-size": tight ? 12 : 15, "font-weight": 500, "text-valign": "top", "text-halign": "right", "text-margin-x": (n) => (tight ? 8 : 14) - n.data("width"), "text-margin-y": tight ? 20 : 27, "text-wrap": "ellipsis", "text-max-width": "data(width)", events: "no", "z-index": 0 } },
    { selector: "node[kind = 'node']", style: { shape: "round-rectangle", width: map.mark, height: map.mark, "background-opacity": 0, "background-image": (n) => `${n.data("picture")}?theme=${isDark() ? "dark" : "light"}`, "background-fit": "contain", "background-clip": "none", "z-index": 4 } },
    { selector: "node.named, node.close", style: name },
    { selector: "node.beside", style: { "text-valign": "center", "text-halign": "right", "text-margin-x": 7, "text-margin-y": 0 } },
    { selector: "edge[kind = 'usual']", style: { "curve-style": "straight", width: "data(width)", "line-color": line, "line-opacity": 0.2, events: "no", "z-index": 1 } },
    { selector: "edge[kind = 'unusual']", style: { "curve-style": "unbundled-bezier", "control-point-distances": "data(bend)", "control-point-weights": 0.5, width: 1.5, "line-color": amber, "line-opacity": 0.9, "target-arrow-shape": "triangle", "target-arrow-color": amber, "arrow-scale": 0.75, "z-index": 2 } },
    { selector: "edge[tone = 'confirmed']", style: { "line-color": red, "target-arrow-color": red, "z-index": 3 } },
    { selector: "node.here", style: { "border-width": 3, "border-color": teal, "border-position": "outside" } },
    { selector: "node.here, node.now", style: { ...name, "text-max-width": 240, "font-size": 13, "z-index": 9 } },
    { selector: "node.beside.here, node.beside.now", style: { "text-valign": "center" } },
    { selector: "edge.away", style: { "line-opacity": 0.12, "target-arrow-color": line, "line-color": line } },
    { selector: "edge.near", style: { width: 2.4, "line-opacity": 1, "z-index": 5 } },
    { selector: "core", style: { "active-bg-opacity": 0 } },
  ];
}

function elements(map) {
  const at = new Map(map.nodes.map((n) => [n.id, n]));
  const ends = new Set(map.unusual.flatMap((u) => [u.source, u.target]));
  const beside = map.mark >= 32;
  const bend = (a, b) => (at.has(a) && at.has(b) ? -Math.min(110, 10 + 0.14 * Math.hypot(at.get(a).x - at.get(b).x, at.get(a).y - at.get(b).y)) : -30);
  const most = Math.max(1, ...map.usual.map((b) => b.bytes));
  const classes = (n) => [n.zone === "internet" || ends.has(n.id) ? "named" : "", n.zone === "internet" && beside ? "beside" : ""].join(" ");
  const room = (n) => (n.zone === "internet" && beside ? 140 : Math.max(map.cell + (beside ? 6 : 12), 56));
  return [
    ...map.zones.map((z) => ({ group: "nodes", data: { id: z.id, label: z.label, kind: "zone", width: z.width, height: z.height }, position: { x: z.x, y: z.y }, selectable: false, grabbable: false })),
    ...map.nodes.map((n) => ({ group: "nodes", data: { id: n.id, label: n.label, kind: "node", picture: n.picture, href: n.href, says: n.says, room: room(n) }, classes: classes(n), position: { x: n.x, y: n.y }, grabbable: false })),
    ...map.usual.map((b, n) => ({ group: "edges", data: { id: `usual-${n}`, source: b.source, target: b.target, kind: "usual", width: 1 + 5 * (b.bytes / most) ** (1 / 3) } })),
    ...map.unusual.map((u, n) => ({ group: "edges", data: { id: `unusual-${n}`, source: u.source, target: u.target, kind: "unusual", says: u.says, tone: u.tone, bend: bend(u.source, u.target) } })),
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
    near(cy, node);
  }
  say(box, node);
}

// The links of one device stand out against the others.
function near(cy, node) {
  const own = node.connectedEdges("[kind = 'unusual']");
  if (own.empty()) return;
  cy.edges("[kind = 'unusual']").not(own).addClass("away");
  own.addClass("near");
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
  cy.on("mouseover", "node[kind = 'node']", (event) => {
    event.target.addClass("now");
    if (!at) near(cy, event.target);
    say(box, event.target);
  });
  cy.on("mouseout", "node[kind = 'node']", (event) => {
    event.target.removeClass("now");
    if (!at) cy.edges().removeClass("near away");
    say(box, at);
  });
  cy.on("zoom", () => cy.batch(() => cy.nodes("[kind = 'node']").toggleClass("close", cy.zoom() > 1.25)));
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

// The buttons stand beside the picture and are new whenever the page renews itself.
function tools(cy, box) {
  const centre = () => ({ x: cy.width() / 2, y: cy.height() / 2 });
  document.addEventListener("click", (event) => {
    const zoom = box.isConnected && event.target.closest?.("[data-zoom]")?.dataset.zoom;
    if (zoom === "fit") cy.fit(undefined, 8);
    else if (zoom) cy.zoom({ level: cy.zoom() * (zoom === "in" ? 1.35 : 0.74), renderedPosition: centre() });
  });
}

// The picture is made for the window: it is shown at its own size. One with too many devices for that begins where
// something is unusual.
function begin(state) {
  const { cy, map } = state;
  const tall = cy.height() / map.height;
  cy.viewport({ zoom: tall > 0.8 && tall < 0.98 ? tall : 1, pan: { x: 0, y: 0 } });
  if (tall > 0.8) return;
  const from = cy.edges("[kind = 'unusual']").sources();
  if (!from.empty()) cy.panBy({ x: 0, y: Math.max(cy.height() - map.height, Math.min(0, cy.height() / 2 - from.first().position("y"))) });
}

// A finger that moves over the map moves the page, unless two of them move or the map was zoomed into.
function letPagesMove(state, box) {
  box.addEventListener("touchmove", (event) => {
    if (event.touches.length === 1 && state.cy && state.cy.zoom() <= 1.02) event.stopPropagation();
  });
}

async function load(state, box) {
  const canvas = box.querySelector(".canvas");
  const narrow = box.clientWidth < 600;
  const asked = { width: box.clientWidth, height: narrow ? 600 : Math.round(Math.min(innerHeight * 0.78, 900)) };
  const answer = await fetch(`${box.dataset.map}?${new URLSearchParams(asked)}`).catch(() => null);
  if (!answer?.ok) return;
  const map = await answer.json();
  const text = JSON.stringify(map);
  if (text === state.text) return;
  const again = state.map?.height === map.height && state.width === asked.width;
  Object.assign(state, { text, map, width: asked.width });
  box.style.height = `${narrow ? Math.min(map.height + 2, 1100) : asked.height}px`;
  if (!state.cy) {
    await document.fonts.ready;
    state.cy = cytoscape({ container: canvas, elements: elements(map), style: style(map), layout: { name: "preset" }, minZoom: 0.3, maxZoom: 3, boxSelectionEnabled: false, autounselectify: true, userZoomingEnabled: matchMedia("(pointer: coarse)").matches });
    walk(state.cy, box);
    tools(state.cy, box);
    letPagesMove(state, box);
    window.cordonMap = state.cy;
  } else {
    state.cy.json({ elements: elements(map) });
    state.cy.style(style(map));
    state.cy.resize();
  }
  if (!again) begin(state);
}

export async function draw(box) {
  if (drawn.has(box)) return;
  const state = { cy: null, map: null, text: "", width: 0 };
  let rest = 0;
  drawn.set(box, state);
  document.addEventListener("cordon:theme", () => state.cy?.style(style(state.map)));
  document.addEventListener("cordon:renewed", () => { if (box.isConnected) load(state, box); });
  addEventListener("resize", () => {
    clearTimeout(rest);
    rest = setTimeout(() => { if (box.isConnected && box.clientWidth !== state.width) load(state, box); }, 200);
  });
  await load(state, box);
}
