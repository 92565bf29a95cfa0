/** Stress test by hand: what fails stands in the address, grades are computed here with the lane's own formula. */
import { CHAIN_SHARE, type Failure, failuresFrom, failuresText, gradesAfter } from "../lib/standings.ts";
import { element, table } from "./dom.ts";
import { coinLink, coinOptions, fillList, findCoin, say, withProfiles } from "./profiles.ts";

withProfiles("#stress-test", (root, coins) => {
  const form = root.querySelector("form");
  const kind = root.querySelector("select");
  const input = root.querySelector<HTMLInputElement>("input");
  const chosen = root.querySelector("[data-chosen]");
  const place = root.querySelector("[data-result]");
  if (!form || !kind || !input || !chosen || !place) return;
  let failures = failuresFrom(new URLSearchParams(location.search).get("fail") ?? "");

  const counted = (names: readonly string[]) =>
    [...Map.groupBy(names, (name) => name)].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const options = {
    coin: () => coinOptions(coins.filter(({ dimensions }) => dimensions !== null)),
    route: () => coinOptions(coins.filter(({ exit }) => exit?.lifts)),
    maker: () =>
      counted(coins.map(({ maker }) => maker)).map(([maker, own]): [string, string] => [
        maker,
        `${own.length} coin${own.length === 1 ? "" : "s"}`,
      ]),
    chain: () =>
      counted(coins.flatMap(({ chains }) => Object.keys(chains ?? {}))).map(([chain, own]): [string, string] => [
        chain,
        `${own.length} coins`,
      ]),
  } as const;
  const nameOf = ({ kind: what, what: id }: Failure) => {
    const symbol = coins.find((coin) => coin.id === id)?.symbol ?? id;
    if (what === "coin") return `${symbol} fails`;
    if (what === "maker") return `all coins of ${id} fail`;
    return what === "chain" ? `${id} stops` : `the redemption of ${symbol} closes`;
  };

  function show(): void {
    chosen?.replaceChildren(
      ...failures.map((failure) => {
        const button = element("button", { type: "button", "aria-label": `Undo: ${nameOf(failure)}` }, "×");
        button.addEventListener("click", () => choose(failures.filter((other) => other !== failure)));
        return element("li", {}, nameOf(failure), " ", button);
      }),
    );
    if (failures.length === 0) {
      say(root, "Nothing fails yet.");
      place?.replaceChildren();
      return;
    }
    const moves = gradesAfter(coins, failures);
    const downstream = moves.filter(({ isDirect }) => !isDirect).length;
    say(
      root,
      moves.length === 0
        ? "No grade would change: no graded coin is known to stand on it."
        : `${moves.length} scores would change, ${downstream} of them because of what those coins stand on.`,
    );
    const rows = moves.map(({ coin, score, grade, isDirect }) => [
      coinLink(root, coin),
      `${coin.grade} (${coin.overallScore ?? "n/a"})`,
      `${grade} (${score ?? "n/a"})`,
      isDirect ? "directly" : "downstream",
    ]);
    const stopped = failures.filter((failure) => failure.kind === "chain").map(({ what }) => what);
    const touched = stopped.flatMap((chain) =>
      coins
        .flatMap((coin) => {
          const share = coin.chains?.[chain] ?? 0;
          return share > 0 && share <= CHAIN_SHARE ? [[coin, share] as const] : [];
        })
        .sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1))
        .slice(0, 40)
        .map(([coin, share]) => [coinLink(root, coin), chain, `${(share * 100).toFixed(1)} %`]),
    );
    place?.replaceChildren(
      ...(rows.length > 0 ? [table("Grades then", ["Coin", "Now", "Then", "Hit"], rows, ["Hit"])] : []),
      ...(touched.length > 0
        ? [
            table(
              "Also there, with half of their supply or less: their grades have no rule for that and stay",
              ["Coin", "Chain", "Share of supply"],
              touched,
              ["Chain"],
            ),
          ]
        : []),
    );
  }

  function choose(next: Failure[]): void {
    failures = next;
    const query = failures.length > 0 ? `?fail=${encodeURIComponent(failuresText(failures))}` : "";
    history.replaceState(null, "", `${location.pathname}${query}`);
    show();
  }

  const fill = () => fillList(root.querySelector("datalist"), options[kind.value as keyof typeof options]());
  kind.addEventListener("change", () => {
    input.value = "";
    fill();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const of = kind.value as Failure["kind"];
    const text = input.value.trim();
    const what =
      of === "coin" || of === "route"
        ? findCoin(coins, text)?.id
        : options[of]().find(([name]) => name.toLowerCase() === text.toLowerCase())?.[0];
    if (!what) return say(root, `Nothing is called ${JSON.stringify(text)}.`);
    input.value = "";
    if (!failures.some((failure) => failure.kind === of && failure.what === what))
      choose([...failures, { kind: of, what }]);
  });
  fill();
  show();
});
