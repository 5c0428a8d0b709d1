// The library of images as a dialog (templates/admin/posts/_image_dialog.html): for the editor, which asks with the event
// "ketablog:choose-image", and for fields that hold the number of an image, marked data-image-picker.

const dialog = document.getElementById("image-dialog");
let asked = null; // Who waits for an image: { use(image), cancel() }.

function open(detail) {
  asked = detail;
  dialog.showModal();
  search();
}

function use(image) {
  const { use: useIt } = asked;
  asked = null;
  dialog.close();
  useIt(image);
}

// The library

const list = dialog?.querySelector(".image-list");
const more = dialog?.querySelector(".image-more");
const status = dialog?.querySelector(".image-status");
const form = dialog?.querySelector(".image-search");

async function answerOf(address, options) {
  const response = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" }, ...options });
  if (response.redirected || (!response.ok && response.status !== 422)) throw new Error(String(response.status));
  return { ok: response.ok, data: await response.json() };
}

async function search(page = 1) {
  status.textContent = "";
  try {
    const query = new URLSearchParams({ q: form.elements.q.value, page });
    const { data } = await answerOf(`${dialog.dataset.library}?${query}`);
    if (page === 1) list.replaceChildren();
    list.append(...data.images.map(entry));
    more.hidden = !data.next;
    more.dataset.page = data.next ?? "";
    if (!list.children.length) status.textContent = status.dataset.empty;
  } catch {
    status.textContent = status.dataset.failed;
  }
}

function entry(image) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  const picture = document.createElement("img");
  const words = document.createElement("span");
  button.type = "button";
  picture.src = image.thumbnail;
  picture.alt = "";
  picture.loading = "lazy";
  words.textContent = image.alt;
  button.append(picture, words);
  button.addEventListener("click", () => use(image));
  item.append(button);
  return item;
}

// An upload

async function upload(event) {
  event.preventDefault();
  const sent = event.target;
  const note = sent.querySelector(".errornote");
  const button = sent.querySelector("button");
  note.hidden = true;
  button.disabled = true;
  try {
    const { ok, data } = await answerOf(sent.action, { method: "POST", body: new FormData(sent) });
    showErrors(sent, ok ? {} : data.errors);
    if (ok) {
      sent.reset();
      sent.closest("details").open = false;
      use(data);
    }
  } catch {
    note.textContent = status.dataset.failed;
    note.hidden = false;
  }
  button.disabled = false;
}

function showErrors(sent, errors) {
  for (const place of sent.querySelectorAll(".errorlist")) {
    const input = place.parentElement.querySelector("input");
    place.textContent = (errors[input.name] ?? []).join(" ");
    input.setAttribute("aria-invalid", String(Boolean(place.textContent)));
  }
  sent.querySelector('[aria-invalid="true"]')?.focus();
}

// A field that holds the number of an image

function dress(input) {
  const picture = document.createElement("img");
  const choose = document.createElement("button");
  const clear = document.createElement("button");
  picture.className = "picked-image";
  picture.alt = "";
  for (const [button, words] of [[choose, dialog.dataset.choose], [clear, dialog.dataset.clear]]) {
    button.type = "button";
    button.className = "button";
    button.textContent = words;
  }
  const show = () => {
    const isNumber = /^\d+$/.test(input.value);
    picture.hidden = clear.hidden = !isNumber;
    if (isNumber) picture.src = `/images/${input.value}/`;
  };
  const set = (value) => {
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    show();
    choose.focus();
  };
  choose.addEventListener("click", () => open({ use: (image) => set(image.id), cancel: () => choose.focus() }));
  clear.addEventListener("click", () => set(""));
  input.closest("div").classList.add("picks-image");
  input.after(picture, choose, clear);
  show();
}

if (dialog) {
  document.addEventListener("ketablog:choose-image", (event) => open(event.detail));
  dialog.addEventListener("close", () => { asked?.cancel(); asked = null; });
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  more.addEventListener("click", () => search(more.dataset.page));
  dialog.querySelector(".image-upload form")?.addEventListener("submit", upload);
  document.querySelectorAll("input[data-image-picker]").forEach(dress);
}
