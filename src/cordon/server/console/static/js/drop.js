// A capture can be dropped anywhere on the console, or chosen in a form.
import { notice } from "./notice.js";

const isDemo = document.querySelector(".demo") !== null;
const bringsFile = (event) => event.dataTransfer?.types.includes("Files");
let depth = 0;

export function send(file) {
  if (isDemo) {
    notice("The demo reads only its own story. Your captures belong in your own state: cordon read FILE --open");
    return;
  }
  const body = new FormData();
  body.append("file", file);
  const request = new XMLHttpRequest();
  request.open("POST", "/api/captures");
  request.upload.addEventListener("progress", (event) => {
    notice(`Handing over ${file.name}`, { progress: event.loaded / event.total, stays: true });
  });
  request.addEventListener("load", () => {
    const answer = JSON.parse(request.responseText || "{}");
    if (request.status !== 202) notice(answer.detail ?? "The capture was not taken.", { stays: true });
    else notice(`${answer.label} waits to be read`, { href: "/settings#read", action: "See how far it is" });
  });
  request.addEventListener("error", () => notice("Cordon does not answer; is it still running?", { stays: true }));
  request.send(body);
}

addEventListener("dragenter", (event) => {
  if (!bringsFile(event)) return;
  depth += 1;
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => {
  depth = Math.max(0, depth - 1);
  if (depth === 0) document.body.classList.remove("dropping");
});
addEventListener("dragover", (event) => { if (bringsFile(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  depth = 0;
  document.body.classList.remove("dropping");
  if (!bringsFile(event)) return;
  event.preventDefault();
  for (const file of event.dataTransfer.files) send(file);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches?.("[data-drop]")) return;
  event.preventDefault();
  for (const file of event.target.elements.file.files) send(file);
  event.target.reset();
});
