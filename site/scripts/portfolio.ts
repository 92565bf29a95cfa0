/** Portfolio: holdings stand behind the # of the address, which no browser sends to any server; nothing else is stored. */
import type { ExitAnswer } from "../lib/exits.ts";
import { compact, price, usd } from "../lib/format.ts";
import { type HeldCoin, type Holding, holdingsFrom, holdingsText, portfolioOf, type Share } from "../lib/portfolio.ts";
import { element, table } from "./dom.ts";
import { coinLink, coinOptions, fillList, findCoin, say, withProfiles } from "./profiles.ts";

const WHY: Readonly<Record<ExitAnswer["why"], string>> = {
  fits: "all of it",
  partly: "part of it",
  "nothing-now": "nothing is there now",
  "below-minimum": "below the smallest redemption",
  "eventual-only": "in the end only",
  closed: "closed now",
  "not-known": "not known",
};

withProfiles("#portfolio", (root, coins) => {
  const form = root.querySelector("form");
  const coinInput = root.querySelector<HTMLInputElement>("input[name=coin]");
  const tokens = root.querySelector<HTMLInputElement>("input[name=tokens]");
  const chain = root.querySelector<HTMLInputElement>("input[name=chain]");
  const place = root.querySelector("[data-result]");
  if (!form || !coinInput || !tokens || !chain || !place) return;
  fillList(root.querySelector("#portfolio-coins"), coinOptions(coins));
  let holdings = holdingsFrom(location.hash);

  const nameOf = (id: string) => coins.find((coin) => coin.id === id)?.symbol ?? id;

  function exitText({ coin, valueUsd, exit }: HeldCoin): string {
    if (valueUsd === null) return "not known: no price";
    if (!coin?.exit) return "not known: no route on file";
    if (!exit?.nowUsd) return exit ? WHY[exit.why] : "not known";
    const cost =
      exit.costUsd === null ? "cost not a number" : exit.costUsd === 0 ? "no fee" : `fee ${usd(exit.costUsd)}`;
    const doubt = coin.exit.coverage === "heuristic" ? ", by a rule of thumb" : "";
    return `${usd(exit.nowUsd)} (${WHY[exit.why]}), ${coin.exit.when}, ${coin.exit.who}, ${cost}${doubt}`;
  }

  function shareTable(
    caption: string,
    head: string,
    list: readonly Share[],
    total: number,
    named = (name: string) => name,
  ) {
    return table(
      caption,
      [head, "Worth", "Share"],
      list.map(({ name, usd: worth }) => [named(name), usd(worth), `${((worth / total) * 100).toFixed(1)} %`]),
    );
  }

  function show(): void {
    if (holdings.length === 0) {
      say(root, "Nothing is held yet.");
      place?.replaceChildren();
      return;
    }
    const portfolio = portfolioOf(holdings, coins);
    const { rows, totalUsd, unpriced } = portfolio;
    say(
      root,
      `${usd(totalUsd)} by today's prices. ${usd(portfolio.outNowUsd)} of it could leave by redemption today, for those who may use the routes` +
        `${portfolio.outByRuleUsd > 0 ? `, and ${usd(portfolio.outByRuleUsd)} more by a rule of thumb` : ""}` +
        `${portfolio.exitUnknownUsd > 0 ? `; of ${usd(portfolio.exitUnknownUsd)} nothing is known about today` : ""}.` +
        `${unpriced.length > 0 ? ` Not counted for want of a price: ${unpriced.map(nameOf).join(", ")}.` : ""}`,
    );
    const list = rows.map((row) => {
      const { holding, coin, valueUsd } = row;
      const button = element("button", { type: "button", "aria-label": `Take ${nameOf(holding.id)} out` }, "×");
      button.addEventListener("click", () => choose(holdings.filter((other) => other !== holding)));
      return [
        coin ? coinLink(root, coin) : `${holding.id} (not in the record)`,
        compact(holding.tokens),
        coin?.priceUsd == null ? "n/a" : price(coin.priceUsd),
        valueUsd === null ? "n/a" : usd(valueUsd),
        coin?.grade ?? "n/a",
        exitText(row),
        button,
      ];
    });
    place?.replaceChildren(
      table(
        "Held",
        ["Coin", "Tokens", "Price, USD", "Worth", "Grade", "Gets out by redemption today", "Take out"],
        list,
        ["Gets out by redemption today"],
      ),
      ...(totalUsd > 0
        ? [
            shareTable("By issuer or project", "Maker", portfolio.makers, totalUsd),
            shareTable(
              "By what it stands on in the end, as far as that is on file",
              "Coin",
              portfolio.upstreams,
              totalUsd,
              nameOf,
            ),
            shareTable("By the chain you named", "Chain", portfolio.chains, totalUsd),
            shareTable("By safety grade", "Grade", portfolio.grades, totalUsd),
          ]
        : []),
    );
  }

  function choose(next: Holding[]): void {
    holdings = next;
    const text = holdingsText(holdings);
    history.replaceState(null, "", `${location.pathname}${text ? `#${text}` : ""}`);
    show();
  }

  coinInput.addEventListener("change", () => {
    const shares = findCoin(coins, coinInput.value)?.chains ?? {};
    fillList(
      root.querySelector("#portfolio-chains"),
      Object.entries(shares).map(([name, share]) => [name, `${(share * 100).toFixed(0)} % of its supply`]),
    );
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const coin = findCoin(coins, coinInput.value);
    if (!coin) return say(root, `No coin is called ${JSON.stringify(coinInput.value)}.`);
    const where = chain.value.trim();
    const added = holdingsFrom(`${coin.id}=${tokens.value}${where ? `@${encodeURIComponent(where)}` : ""}`);
    if (added.length === 0) return say(root, "An amount is a number of tokens above zero.");
    for (const field of [coinInput, tokens, chain]) field.value = "";
    choose(holdingsFrom(holdingsText([...holdings, ...added])));
  });
  addEventListener("hashchange", () => {
    holdings = holdingsFrom(location.hash);
    show();
  });
  show();
});
