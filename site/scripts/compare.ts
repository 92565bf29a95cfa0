/** Compare: coins are chosen by hand and stand in the address, so that a comparison can be sent to somebody. */
import { COMPARED, comparedFrom, MOST_COMPARED } from "../lib/compare.ts";
import { element } from "./dom.ts";
import { coinLink, coinOptions, fillList, findCoin, say, withProfiles } from "./profiles.ts";

withProfiles("#compare", (root, coins) => {
  const form = root.querySelector("form");
  const input = root.querySelector<HTMLInputElement>("input");
  const place = root.querySelector("[data-result]");
  if (!form || !input || !place) return;
  fillList(root.querySelector("datalist"), coinOptions(coins));
  let ids = comparedFrom(new URLSearchParams(location.search).get("coins") ?? "");

  function show(): void {
    const chosen = ids.flatMap((id) => coins.find((coin) => coin.id === id) ?? []);
    const missing = ids.filter((id) => !chosen.some((coin) => coin.id === id));
    say(
      root,
      missing.length > 0
        ? `Not in the record: ${missing.join(", ")}.`
        : chosen.length === 0
          ? "No coin is chosen yet."
          : chosen.length === MOST_COMPARED
            ? "Five is the most; take one out to add another."
            : "",
    );
    if (chosen.length === 0) {
      place?.replaceChildren();
      return;
    }
    const heads = chosen.map((coin) => {
      const button = element("button", { type: "button", "aria-label": `Take ${coin.symbol} out` }, "×");
      button.addEventListener("click", () => choose(ids.filter((id) => id !== coin.id)));
      return element("th", { scope: "col" }, coinLink(root, coin), " ", button, element("small", {}, coin.name));
    });
    const bodies = COMPARED.map(({ title, rows }) =>
      element(
        "tbody",
        {},
        element("tr", {}, element("th", { scope: "rowgroup", colspan: String(chosen.length + 1) }, title)),
        ...rows.map(({ label, cell }) =>
          element(
            "tr",
            {},
            element("th", { scope: "row" }, label),
            ...chosen.map((coin) => {
              const { text, why } = cell(coin);
              const reason = why?.replaceAll("-", " ");
              return element(
                "td",
                reason ? { title: reason } : {},
                text,
                ...(reason ? [element("small", {}, reason)] : []),
              );
            }),
          ),
        ),
      ),
    );
    place?.replaceChildren(
      element(
        "section",
        { class: "scroll", tabindex: "0", "aria-label": "Coins compared" },
        element(
          "table",
          { class: "plain compare" },
          element("caption", {}, `${chosen.length} of at most ${MOST_COMPARED} coins`),
          element("thead", {}, element("tr", {}, element("td"), ...heads)),
          ...bodies,
        ),
      ),
    );
  }

  function choose(next: string[]): void {
    ids = next;
    const query = ids.length > 0 ? `?coins=${ids.join(",")}` : "";
    history.replaceState(null, "", `${location.pathname}${query}`);
    show();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const coin = findCoin(coins, input.value);
    if (!coin) return say(root, `No coin is called ${JSON.stringify(input.value)}.`);
    input.value = "";
    choose(comparedFrom([...ids, coin.id].join(",")));
  });
  show();
});
