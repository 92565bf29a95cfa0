/** On every page: the freshness banner by the reader's clock, the age beside the as-of time, `/` for the search, keys for scrolling boxes. */
import { age } from "../lib/format.ts";
import { causeWord, freshnessCauses, type Watched } from "../lib/freshness.ts";

function showFreshness(): void {
  const box = document.querySelector<HTMLElement>("[data-watched]");
  if (!box) return;
  const watched = JSON.parse(box.dataset.watched ?? "[]") as Watched[];
  const now = box.dataset.now ? Number(box.dataset.now) : Math.floor(Date.now() / 1000);
  const lines = freshnessCauses(watched, now).map((cause) => {
    const line = document.createElement("p");
    line.className = `banner ${cause.status}`;
    const word = document.createElement("strong");
    word.textContent = causeWord(cause);
    line.append(word, ` ${cause.text}`);
    return line;
  });
  box.replaceChildren(...lines);
  for (const place of document.querySelectorAll<HTMLElement>("[data-age]"))
    place.textContent = `(${age(now - Number(place.dataset.age))} ago)`;
}

showFreshness();
setInterval(showFreshness, 60_000);

document.addEventListener("keydown", (event) => {
  const isTyping =
    event.target instanceof HTMLElement && event.target.matches("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.querySelector<HTMLInputElement>("#q")?.focus();
});

// A box that scrolls must be reachable by keyboard; one that does not would only be in the way.
const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const isScrolling = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (isScrolling) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});
for (const box of document.querySelectorAll(".scroll, pre")) boxes.observe(box);
