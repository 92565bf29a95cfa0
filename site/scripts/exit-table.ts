/** Sort, filters and the calculator of the exits table; all that is chosen stands in the address, so that it can be sent to somebody. */
import { type ExitAnswer, exitFor } from "../lib/exits.ts";
import { tableState } from "./table-state.ts";

const table = document.querySelector<HTMLTableElement>("#exit-table");
const filters = document.querySelector<HTMLElement>(".filters");
const calculator = document.querySelector<HTMLElement>(".calculator");
const input = document.querySelector<HTMLInputElement>("#amount");
const FILTERS = ["family", "who", "when", "state"] as const;
const dollars = (usd: number) => `$${usd.toLocaleString("en-US", { maximumFractionDigits: usd < 100 ? 2 : 0 })}`;

const WHY: Readonly<Record<ExitAnswer["why"], string>> = {
  fits: "all of it",
  partly: "part of it",
  "nothing-now": "nothing is there now",
  "below-minimum": "below the smallest redemption",
  "eventual-only": "in the end only; today's part is not measured",
  closed: "closed now",
  "not-known": "not known today",
};

if (table && filters && calculator && input) {
  const output = filters.querySelector("output");
  const summary = calculator.querySelector("output");
  const shared = tableState(table, [...filters.querySelectorAll("select")], "-exit", show);
  const { rows, chosen: state, indexOf, choose } = shared;
  filters.hidden = false;
  calculator.hidden = false;

  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  const amountOf = (text: string | null) => {
    const amount = Number((text ?? "").replace(/[$,\s]/g, ""));
    return Number.isFinite(amount) && amount > 0 ? amount : null;
  };

  function answerText(row: HTMLTableRowElement, answer: ExitAnswer): string {
    if (!answer.nowUsd) return WHY[answer.why];
    const when = row.cells[indexOf("when")]?.textContent ?? "";
    const cost =
      answer.costUsd === null
        ? "cost not a number"
        : answer.costUsd === 0
          ? "no fee"
          : `fee ${dollars(answer.costUsd)}`;
    const rest =
      answer.restUsd > 0 ? `, ${dollars(answer.restUsd)} ${row.dataset.day ? "on later days" : "does not fit"}` : "";
    return `${dollars(answer.nowUsd)} ${when}, ${cost}${rest}`;
  }

  function calculate(): void {
    const amount = amountOf(state.get("amount"));
    const column = indexOf("answer");
    const counts = { whole: 0, part: 0 };
    const head = table?.tHead?.rows[0]?.cells[column];
    if (head) head.hidden = amount === null;
    for (const row of rows) {
      const cell = row.cells[column];
      if (!cell) continue;
      cell.hidden = amount === null;
      if (amount === null) continue;
      const { now, eventual, fee, min, day, closed } = row.dataset;
      const facts = {
        nowUsd: number(now),
        eventualUsd: number(eventual),
        feeBps: number(fee),
        minUsd: number(min),
        perDay: day === "1",
        isClosed: closed === "1",
      };
      const answer = exitFor(facts, amount);
      if (answer.why === "fits" && row.dataset.state === "covered") counts.whole++;
      if (answer.why === "partly" && row.dataset.state === "covered") counts.part++;
      const doubt = row.dataset.state === "heuristic" && answer.nowUsd ? " (rule of thumb)" : "";
      cell.textContent = answerText(row, answer) + doubt;
    }
    if (summary)
      summary.textContent =
        amount === null
          ? "Type an amount to see what gets out by redemption, when, and at what cost."
          : `${dollars(amount)} gets out whole by the redemption of ${counts.whole} coins and in part by ${counts.part}, rules of thumb left out.`;
  }

  function show(): void {
    let shown = 0;
    for (const row of rows) {
      row.hidden = FILTERS.some((key) => state.get(key) && row.dataset[key] !== state.get(key));
      if (!row.hidden) shown++;
    }
    if (output) output.textContent = shown === rows.length ? `${shown} routes` : `${shown} of ${rows.length} shown`;
    shared.sort();
    calculate();
  }

  input.value = state.get("amount") ?? "";
  input.addEventListener("input", () => choose("amount", input.value.trim()));
  show();
}
