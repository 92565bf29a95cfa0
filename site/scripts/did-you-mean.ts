/** On the 404 page: coins whose ids look like the last word of the address. */
import { closest } from "../lib/closest.ts";

const box = document.querySelector<HTMLElement>("#did-you-mean");
const wanted = decodeURIComponent(location.pathname.replace(/\/+$/, "").split("/").at(-1) ?? "").replace(
  /\.(html|json)$/,
  "",
);

async function offer(place: HTMLElement): Promise<void> {
  const answer = await fetch(place.dataset.index ?? "");
  if (!answer.ok) return;
  const index = (await answer.json()) as { data: { coins: string[] } };
  const ids = closest(wanted, index.data.coins);
  if (ids.length === 0) return;
  place.querySelector("ul")?.append(
    ...ids.map((id) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `${place.dataset.coin}${id}/`;
      link.textContent = id;
      item.append(link);
      return item;
    }),
  );
  place.hidden = false;
}

// Without the index there is simply no offer; the links below stand anyway.
if (box && wanted) offer(box).catch(() => undefined);
