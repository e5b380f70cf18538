// Sections that are closed at first on a narrow screen; on a wide one they are no buttons at all.
const narrow = matchMedia("(max-width: 860px)");
const closed = new Set(["who", "reach", "one", "talks", "leaves", "changes"]);

function fold() {
  for (const section of document.querySelectorAll("details.fold")) {
    const summary = section.querySelector("summary");
    summary.tabIndex = narrow.matches ? 0 : -1;
    section.open = !narrow.matches || !closed.has(summary.firstElementChild.id);
  }
}

document.addEventListener("click", (event) => {
  if (!narrow.matches && event.target.closest?.(".fold > summary")) event.preventDefault();
});
narrow.addEventListener("change", fold);
document.addEventListener("cordon:replaced", fold);
fold();
