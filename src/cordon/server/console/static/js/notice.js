// One notice at the lower edge; what it says is text, never markup.
const box = document.getElementById("notice");
let timer = 0;

export function notice(says, { progress = null, href = "", action = "", stays = false } = {}) {
  const line = document.createElement("span");
  line.textContent = says;
  box.replaceChildren(line);
  if (progress !== null) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = progress;
    bar.setAttribute("aria-label", says);
    box.append(bar);
  }
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = action;
    box.append(link);
  }
  box.hidden = false;
  clearTimeout(timer);
  if (!stays) timer = setTimeout(() => { box.hidden = true; }, 8000);
}
