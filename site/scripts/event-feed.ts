/** Filters over every mint and burn of a coin: the address holds the query in the API's own words, the answer comes from Parquet by ranges. */
import { asyncBufferFromUrl } from "hyparquet";
import { type EventQuery, parseEventQuery, validateParam } from "../../pipeline/flow-query.ts";
import { type EventsFile, type FoundEvent, findEvents, oneVersion, openEvents } from "../lib/event-client.ts";
import { countsAs, signedUsd } from "../lib/flow-words.ts";
import { exact, usd, utcMinute } from "../lib/format.ts";
import { element } from "./dom.ts";

const form = document.querySelector<HTMLFormElement>("#event-filters");
const body = document.querySelector<HTMLTableElement>("#events")?.tBodies[0];
const pages = document.querySelector<HTMLElement>("#event-pages");
const NAMES = ["direction", "scope", "burnType", "chain", "minAmount", "hours", "limit", "offset"] as const;

if (form && body && pages) {
  const output = form.querySelector("output") as HTMLOutputElement;
  const caption = body.closest("table")?.caption;
  const { parquet = "", hours: hoursUrl = "", explorers = "{}" } = form.dataset;
  const explorerOf = JSON.parse(explorers) as Record<string, string>;
  const state = new URLSearchParams(location.search);
  const chains = [...form.querySelectorAll<HTMLOptionElement>("select[name=chain] option")].map(({ value }) => value);
  let opening: Promise<EventsFile> | undefined;

  function rowOf(event: FoundEvent): HTMLTableRowElement {
    const url = explorerOf[event.chainId]?.replace("{tx}", event.txHash);
    const short = `${event.txHash.slice(0, 10)}…`;
    const cells = [
      event.direction === "mint" ? "▲ minted" : "▼ burned",
      exact(event.amount),
      event.amountUsd === null ? "no price" : exact(event.amountUsd),
      countsAs(event),
      event.chainId,
      url ? element("a", { href: url, rel: "noreferrer" }, short) : element("code", {}, short),
    ];
    const time = element("th", { scope: "row" }, utcMinute(event.timestamp).replace(" UTC", ""));
    return element("tr", {}, time, ...cells.map((cell) => element("td", {}, cell)));
  }

  function turnTo(offset: number, text: string, rel: "prev" | "next"): HTMLAnchorElement {
    const query = new URLSearchParams(state);
    query.set("offset", String(offset));
    return element("a", { href: `?${query}`, rel }, text);
  }

  function show(query: EventQuery, events: readonly FoundEvent[], total: number): void {
    const { offset, limit } = query;
    body?.replaceChildren(...events.map(rowOf));
    if (caption)
      caption.textContent =
        events.length === 0
          ? `None of ${exact(total)} here.`
          : `${exact(offset + 1)} to ${exact(offset + events.length)} of ${exact(total)}, newest first.`;
    pages?.replaceChildren(
      ...(offset > 0 ? [turnTo(Math.max(0, offset - limit), "Newer", "prev")] : []),
      ...(offset + limit < total ? [turnTo(offset + limit, "Older", "next")] : []),
    );
  }

  /** Minted, burned and net of the last hours, from the coin's own hours. */
  async function sums(hours: string): Promise<string> {
    if (validateParam("hours", hours) !== "ok") return "hours must be a whole number from 1 to 720";
    const answer = (await (await fetch(hoursUrl)).json()) as {
      asOf: number;
      data: {
        longer: { windowHours: number; hourly: { hourTs: number; mintVolumeUsd: number; burnVolumeUsd: number }[] }[];
      };
    };
    const longest = answer.data.longer.reduce((a, b) => (a.windowHours > b.windowHours ? a : b));
    const own = longest.hourly.filter(({ hourTs }) => hourTs >= answer.asOf - Number(hours) * 3600);
    const mint = own.reduce((sum, hour) => sum + hour.mintVolumeUsd, 0);
    const burn = own.reduce((sum, hour) => sum + hour.burnVolumeUsd, 0);
    return `last ${hours} h: minted ${usd(mint)}, burned ${usd(burn)}, net ${signedUsd(mint - burn)}`;
  }

  async function ask(): Promise<void> {
    const parsed = parseEventQuery(state, chains.filter(Boolean));
    const hours = state.get("hours");
    if (!parsed.ok) {
      output.textContent = parsed.problem;
      return;
    }
    output.textContent = "Reading…";
    try {
      opening ??= asyncBufferFromUrl({ url: parquet, fetch: oneVersion() }).then(openEvents);
      const { events, total } = await findEvents(await opening, parsed.query);
      show(parsed.query, events, total);
      output.textContent = `${exact(total)} found${hours ? `; ${await sums(hours)}` : ""}`;
    } catch (error) {
      opening = undefined;
      output.textContent = `The events could not be read: ${(error as Error).message}`;
    }
    output.dataset.done = String(Number(output.dataset.done ?? 0) + 1);
  }

  for (const name of NAMES) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement) field.value = state.get(name) ?? "";
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const [name, value] of new FormData(form)) {
      const text = String(value).trim();
      if (text) state.set(name, text);
      else state.delete(name);
    }
    state.delete("offset");
    history.replaceState(null, "", `${location.pathname}${state.size > 0 ? `?${state}` : ""}`);
    void ask();
  });
  form.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement) form.requestSubmit();
  });
  if (NAMES.some((name) => state.has(name))) void ask();
}
