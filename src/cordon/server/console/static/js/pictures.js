// The chart and the map are loaded only on pages that have one.
export async function refreshPictures() {
  const chart = document.querySelector("[data-chart]");
  if (chart) (await import("./chart.js")).draw(chart);
  const map = document.querySelector("[data-map]");
  if (map) (await import("./map.js")).draw(map);
}
