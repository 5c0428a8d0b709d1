// An article's contents: open in the margin; above the text they would push it down.

const contents = document.querySelector("[data-contents]");
const margin = matchMedia("(min-width: 76em)");
const unfold = () => (contents.open = margin.matches);
if (contents) {
  unfold();
  margin.addEventListener("change", unfold);
}
