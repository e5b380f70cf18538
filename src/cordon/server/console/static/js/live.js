// Pages renew themselves when something changed: at most every two seconds, never under somebody's hands.
import { notice } from "./notice.js";

const REST = 2000;
const main = document.getElementById("main");
const spoken = document.getElementById("spoken");
let due = false;
let last = 0;
let waiting = 0;

const isBusy = () => {
  const active = document.activeElement;
  const typing = active && main.contains(active) && active.matches("input, select, textarea");
  return typing || document.hidden || document.getElementById("drawer").open || !getSelection().isCollapsed;
};

async function renew() {
  waiting = 0;
  if (isBusy()) { waiting = setTimeout(renew, REST); return; }
  due = false;
  last = Date.now();
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const opened = [...main.querySelectorAll("details")].map((d) => d.open);
  const scrolled = scrollY;
  for (const selector of ["#main", ".facts", ".rail ul"]) {
    const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
    if (!old || !fresh) continue;
    for (const kept of old.querySelectorAll("[data-keep]")) {
      const place = kept.id && fresh.querySelector(`#${CSS.escape(kept.id)}`);
      if (place) place.replaceWith(document.adoptNode(kept));
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceChildren(...document.adoptNode(fresh).childNodes);
    if (focused) [...old.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)?.focus({ preventScroll: true });
    window.htmx?.process(old);
  }
  document.dispatchEvent(new CustomEvent("cordon:replaced"));
  main.querySelectorAll("details").forEach((d, at) => { if (at < opened.length) d.open = opened[at]; });
  scrollTo({ top: scrolled, behavior: "instant" });
  document.dispatchEvent(new CustomEvent("cordon:renewed"));
}

function ask() {
  if (!main.dataset.live) return;
  due = true;
  if (!waiting) waiting = setTimeout(renew, Math.max(0, REST - (Date.now() - last)));
}

const clock = (micros) => new Date(micros / 1000).toTimeString().slice(0, 5);
const events = new EventSource("/events");
const on = (name, act) => events.addEventListener(name, (event) => act(JSON.parse(event.data)));

on("facts", ({ last: reached, changed }) => {
  const asOf = document.getElementById("as-of");
  if (reached && asOf?.closest("[data-state='DEMO'], [data-state='LIVE']")) asOf.textContent = clock(reached);
  if (changed) ask();
});
on("finding", ({ says }) => { spoken.textContent = `New finding: ${says}`; });
on("decision", ({ says }) => { spoken.textContent = says; });
on("progress", ({ label, state, done, all, error }) => {
  if (state === "reading" && all) notice(`Reading ${label}`, { progress: done / all, stays: true });
  if (state === "failed") notice(error, { stays: true });
  if (state === "done") notice(`${label} is read`, { href: "/devices", action: "See the devices" });
  if (state !== "reading" && location.pathname === "/settings") ask();
});
addEventListener("pagehide", () => events.close());
document.addEventListener("visibilitychange", () => { if (due && !document.hidden) ask(); });
