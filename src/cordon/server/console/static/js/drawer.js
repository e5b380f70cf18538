// The Why? drawer opens when its content has come, and gives the focus back where it was.
const drawer = document.getElementById("drawer");
let opener = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[hx-target='#drawer-body']");
  if (link) opener = link;
  if (event.target === drawer || event.target.closest?.("[data-close]")) drawer.close();
});

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  if (target?.id !== "drawer-body" || drawer.open) return;
  drawer.showModal();
  drawer.scrollTop = 0;
});

drawer.addEventListener("close", () => {
  document.getElementById("drawer-body").replaceChildren();
  if (opener?.isConnected) opener.focus();
});
