// Share this post: copy, print, the system's own share sheet, the reader's own Mastodon server.

const block = document.getElementById("share");
if (block) {
  const address = document.getElementById("share-address");
  copyFrom(address);
  block.querySelector("[data-print]").addEventListener("click", () => print());
  block.querySelector("[data-sheet]").addEventListener("click", (event) => {
    const title = event.currentTarget.dataset.sheet;
    navigator.share?.({ title, url: address.value }).catch(() => {}); // Closing the sheet is no error.
  });
  const form = document.getElementById("share-server");
  if (form) askForServer(block.querySelector("[data-mastodon]"), form);
}

function copyFrom(address) {
  const button = block.querySelector("[data-copy]");
  const words = button.querySelector("span");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.value);
      words.textContent = button.dataset.done;
      setTimeout(() => (words.textContent = before), 4000);
    } catch {
      // No clipboard here (plain http, or refused): show the address to copy by hand.
      address.parentElement.classList.remove("without-script");
      address.select();
    }
  });
}

function askForServer(link, form) {
  const { server } = form.elements;
  link.setAttribute("aria-controls", form.id);
  link.ariaExpanded = "false";
  try {
    server.value ||= localStorage.getItem("mastodon") ?? "";
  } catch {
    // Storage is switched off: it is asked for each time.
  }

  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    form.hidden = !form.hidden;
    link.ariaExpanded = String(!form.hidden);
    if (!form.hidden) server.focus();
  });

  server.addEventListener("input", () => server.setCustomValidity(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = serverIn(server.value);
    if (!name) {
      server.setCustomValidity(form.dataset.refusal);
      server.reportValidity();
      return;
    }
    try {
      localStorage.setItem("mastodon", name);
    } catch {
      // As above.
    }
    const there = document.createElement("a");
    there.href = `https://${name}/share?text=${encodeURIComponent(form.dataset.text)}`;
    there.rel = "noopener noreferrer";
    there.click();
  });
}

// The server in its name, its address, or an account on it; posts/mastodon.py reads it alike.
function serverIn(typed) {
  const typedName = typed.trim().replace(/^https?:\/\//i, "").split("/")[0].split("@").pop();
  let name;
  try {
    name = new URL(`https://${typedName}`).host; // With the letters of any language made ASCII.
  } catch {
    return null;
  }
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  return new RegExp(`^(?:${label}\\.)+(?=[a-z])${label}$`).test(name) ? name : null;
}
