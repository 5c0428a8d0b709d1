// The article: a table that scrolls can be reached by key.

for (const table of document.querySelectorAll(".prose table")) {
  if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

// In the margin the contents are open; above the text they would push it down.
const contents = document.querySelector("[data-contents]");
const margin = matchMedia("(min-width: 76em)");
const unfold = () => (contents.open = margin.matches);
if (contents) {
  unfold();
  margin.addEventListener("change", unfold);
}
