// Who writes: remembered in this browser where that is wished, or a neutral name from a list of the site.

const form = document.getElementById("reply-form");
if (form?.elements.name) {
  remember();
  form.addEventListener("renewed", remember);
  form.addEventListener("submit", keep);
  form.addEventListener("click", suggest);
}

function writer() {
  return ["name", "email", "website"].map((name) => form.elements[name]).filter(Boolean);
}

function remember() {
  const row = form.querySelector("[data-remember]");
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem("writer"));
  } catch {
    row.hidden = true; // Storage is switched off, or holds something else.
    return;
  }
  row.querySelector("input").checked = Boolean(kept);
  for (const field of writer()) field.value ||= kept?.[field.name] ?? "";
}

function keep() {
  const row = form.querySelector("[data-remember]");
  if (row.hidden) return;
  sessionStorage.setItem("sent", 1); // For own.js.
  const values = Object.fromEntries(writer().map((field) => [field.name, field.value]));
  if (row.querySelector("input").checked) localStorage.setItem("writer", JSON.stringify(values));
  else localStorage.removeItem("writer");
}

async function suggest({ target }) {
  const address = target.dataset.names;
  if (!address) return;
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return form.elements.name.focus(); // No list now; any name will do.
  const list = (await response.text()).split(",").map((name) => name.trim());
  const taken = [...document.querySelectorAll(".reply-name bdi")].map((name) => name.textContent);
  const free = list.filter((name) => !taken.includes(name) && name !== form.elements.name.value);
  const name = free[Math.floor(Math.random() * free.length)] ?? list[0];
  form.elements.name.value = document.getElementById("reply-news").textContent = name;
}
