// The way to one's own replies: kept in this browser, shown beside them, and taken out of the address bar; and the key
// that goes along with the next one.

const KEPT = "own-replies";
const PRIVATE = /^\/replies\/\d+-\d+-[0-9a-f]+\/$/;

lookThrough();
document.addEventListener("replies", lookThrough); // A reply was sent from this page.

function lookThrough() {
  try {
    // Where a reader asked to be remembered, for good; otherwise until this tab is closed.
    const store = localStorage.getItem("writer") ? localStorage : sessionStorage;
    if (store === sessionStorage) localStorage.removeItem(KEPT);
    const own = { ...read(localStorage), ...read(sessionStorage) };
    keep(store, own);
    sessionStorage.removeItem("sent");
    show(own);
  } catch {
    // Storage is switched off: the page has the link all the same.
  }
  hideFromAddress();
}

function read(store) {
  try {
    return JSON.parse(store.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(store, own) {
  const link = document.querySelector("[data-own-link]");
  const gone = document.querySelector("[data-own-gone]")?.dataset.ownGone;
  // Who follows a link that somebody else passed on, and has sent nothing, must not go on as that one.
  const isOurs = sessionStorage.getItem("sent") || !(link || own.key);
  const key = isOurs && document.querySelector("[data-key]")?.dataset.key;
  if (link) own[link.closest(".reply").id.slice("comment-".length)] = link.pathname;
  if (gone) delete own[gone];
  if (key) own.key = key;
  if (!key && !gone) return;
  sessionStorage.removeItem(KEPT);
  store.setItem(KEPT, JSON.stringify(own));
}

function show(own) {
  const words = document.getElementById("replies")?.dataset.own;
  const field = document.getElementById("reply-key");
  if (field) field.value = own.key ?? "";
  for (const [number, path] of Object.entries(own)) {
    const text = document.getElementById(`comment-${number}`)?.querySelector(".reply-text");
    if (!text || !PRIVATE.test(path) || text.parentElement.querySelector("[data-own-link]")) continue;
    const link = document.createElement("a");
    link.href = path;
    link.textContent = words;
    const line = document.createElement("p");
    line.className = "own-link";
    line.append(link);
    text.after(line);
  }
}

// The address of the page is what people share: without this it would show them the way for a while.
function hideFromAddress() {
  const here = new URL(location);
  if (!here.searchParams.has("new")) return;
  here.searchParams.delete("new");
  history.replaceState(history.state, "", here);
}
