// Bytes by hour as a chart; the same numbers stand in the table beside it.
import uPlot from "../vendor/uplot.js";
import { colour } from "./theme.js";

const sizes = ["B", "kB", "MB", "GB", "TB"];
const size = (bytes) => {
  let at = 0;
  let value = bytes;
  while (value >= 1000 && at < sizes.length - 1) { value /= 1000; at += 1; }
  return `${value >= 100 || at === 0 ? Math.round(value) : value.toFixed(1)} ${sizes[at]}`;
};

const drawn = new WeakMap();

function options(box) {
  const ink = colour("--ink-soft");
  const line = colour("--line");
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: "14px 'IBM Plex Sans'" };
  const steps = uPlot.paths.stepped({ align: 1 });
  const series = (label, stroke, fill, dash) => ({ label, stroke, fill, dash, width: 2, paths: steps, points: { show: false }, value: (_, v) => (v === null ? "–" : size(v)) });
  return {
    width: box.clientWidth,
    height: 220,
    padding: [12, 8, 0, 0],
    cursor: { y: false, points: { show: false } },
    legend: { live: true },
    scales: { x: { time: true }, y: { range: (_, __, most) => [0, Math.max(1, most) * 1.08] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((t) => new Date(t * 1000).toTimeString().slice(0, 5)), space: 64 },
      { ...axis, size: 72, values: (_, ticks) => ticks.map(size), splits: (_, __, ___, most) => [0, 1, 2, 3, 4].map((n) => (most / 4) * n) },
    ],
    series: [
      { label: "Hour", value: (_, t) => (t === null ? "–" : new Date(t * 1000).toTimeString().slice(0, 5)) },
      series("Received", colour("--ink-faint"), undefined, [5, 3]),
      series("Sent", colour("--teal"), colour("--teal-soft")),
    ],
  };
}

export async function draw(box) {
  if (drawn.has(box)) return drawn.get(box).renew();
  const state = { plot: null, busy: false };
  drawn.set(box, state);
  state.renew = async () => {
    if (state.busy) return;
    state.busy = true;
    const answer = await fetch(box.dataset.chart).catch(() => null);
    state.busy = false;
    if (!answer?.ok) return;
    const columns = await answer.json();
    const data = [columns.time, columns.received, columns.sent];
    if (state.plot && state.plot.width === box.clientWidth && !state.restyle) { state.plot.setData(data); return; }
    state.restyle = false;
    state.plot?.destroy();
    state.plot = new uPlot(options(box), data, box);
  };
  new ResizeObserver(() => { if (state.plot) state.plot.setSize({ width: box.clientWidth, height: 220 }); }).observe(box);
  document.addEventListener("cordon:theme", () => { state.restyle = true; state.renew(); });
  document.addEventListener("cordon:renewed", () => { if (box.isConnected) state.renew(); });
  return state.renew();
}
