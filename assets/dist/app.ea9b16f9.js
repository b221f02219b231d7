const status = document.getElementById("status");
document.addEventListener("htmx:after:settle", () => {
const changed = [...document.querySelectorAll("[data-announce]")];
if (changed.length === 0) return;
status.textContent = changed.map((element) => element.dataset.announce).join(" ");
for (const element of changed) element.removeAttribute("data-announce");
});
