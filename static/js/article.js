// Share this post: copy, print, the system's own share sheet.

for (const button of document.querySelectorAll("[data-copy]")) {
  const words = button.querySelector("span");
  const before = words.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      words.textContent = button.dataset.done;
      setTimeout(() => (words.textContent = before), 4000);
    } catch {
      // No clipboard here (plain http, or refused): show the address to copy by hand.
      document.documentElement.classList.remove("js");
      document.getElementById("share-address").select();
    }
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}

for (const button of document.querySelectorAll("[data-share-url]")) {
  if (!navigator.share) break;
  button.parentElement.hidden = false;
  button.addEventListener("click", () => {
    const { shareTitle: title, shareUrl: url } = button.dataset;
    navigator.share({ title, url }).catch(() => {}); // Closing the sheet is no error.
  });
}
