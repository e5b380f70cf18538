// Light or dark: as the system says until somebody chooses. The choice is a cookie, so that pages come in it at once.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

export const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
export const colour = (name) => {
  // Custom properties hold light-dark(); only a real property resolves it.
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  probe.style.color = `var(${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

const told = () => document.dispatchEvent(new CustomEvent("cordon:theme"));
dark.addEventListener("change", told);

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    document.cookie = `cordon-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=strict`;
    told();
  });
}
