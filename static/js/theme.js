// What the first paint must know, so that nothing flashes or moves: scripts run, and the reader's own light or dark.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const store = (theme) => {
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
};

root.classList.add("js");
if (navigator.share) root.classList.add("has-sheet");
try {
  const chosen = localStorage.getItem("theme");
  if (chosen) root.dataset.theme = chosen;
} catch {
  // As above.
}

addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-toggle]")) return;
  const present = root.dataset.theme || (system.matches ? "dark" : "light");
  const next = present === "dark" ? "light" : "dark";
  const isSystems = (next === "dark") === system.matches;
  if (isSystems) delete root.dataset.theme;
  else root.dataset.theme = next;
  store(isSystems ? null : next);
});
