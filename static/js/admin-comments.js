// The desk: tick all replies of the page, and say how many are ticked.
const all = document.getElementById("desk-all");
const ticks = [...document.querySelectorAll(".desk-tick")];

if (all) {
  const ticked = document.getElementById("desk-ticked");
  const tell = () => {
    const number = ticks.filter((tick) => tick.checked).length;
    ticked.textContent = number;
    all.checked = number === ticks.length;
    all.indeterminate = number > 0 && number < ticks.length;
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    tell();
  });
  for (const tick of ticks) tick.addEventListener("change", tell);
  // The browser keeps ticks when one comes back to the page.
  addEventListener("pageshow", tell);
}
