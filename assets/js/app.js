// Says what a change in place did to those who do not see it: the server writes
// the words into data-announce, and here they go to the page's status region.
const status = document.getElementById("status");

document.addEventListener("htmx:after:settle", () => {
	const changed = [...document.querySelectorAll("[data-announce]")];
	if (changed.length === 0) return;
	status.textContent = changed.map((element) => element.dataset.announce).join(" ");
	// Said once: the next swap must not say it again.
	for (const element of changed) element.removeAttribute("data-announce");
});
