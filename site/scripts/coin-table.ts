/** Sort, search and filters of the coin table; what is chosen stands in the address, so that it can be sent to somebody. */
import { tableState } from "./table-state.ts";

const table = document.querySelector<HTMLTableElement>("#coin-table");
const filters = document.querySelector<HTMLElement>(".filters");
const search = document.querySelector<HTMLInputElement>("#q");

function cell(row: HTMLTableRowElement, index: number): HTMLTableCellElement | undefined {
  return row.cells[index];
}

if (table && filters && search) {
  const output = filters.querySelector("output");
  const reset = filters.querySelector<HTMLButtonElement>("[data-reset]");
  const others = [...document.querySelectorAll<HTMLLIElement>(".unpriced li")];
  const others0 = document.querySelector<HTMLElement>("#unpriced");
  const shared = tableState(table, [...filters.querySelectorAll("select")], "-supply", show);
  const { rows, chosen: state, indexOf, choose } = shared;
  filters.hidden = false;

  const numberOf = (row: HTMLTableRowElement, key: string) =>
    Number.parseFloat((cell(row, indexOf(key))?.textContent ?? "").replace("−", "-").replaceAll(",", ""));

  function applyFilters(): void {
    const words = (state.get("q") ?? "").trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const text =
        `${cell(row, 0)?.textContent ?? ""} ${cell(row, 0)?.querySelector("a")?.pathname ?? ""}`.toLowerCase();
      const off = Number(state.get("off") ?? 0);
      const isShown =
        (!words || text.includes(words)) &&
        (!state.get("peg") || cell(row, indexOf("peg"))?.textContent === state.get("peg")) &&
        (!state.get("confidence") || cell(row, indexOf("confidence"))?.textContent === state.get("confidence")) &&
        (!off || Math.abs(numberOf(row, "deviation")) >= off);
      row.hidden = !isShown;
      if (isShown) shown++;
    }
    for (const item of others) item.hidden = words !== "" && !(item.textContent ?? "").toLowerCase().includes(words);
    for (const term of document.querySelectorAll<HTMLElement>(".unpriced dt")) {
      const list = term.nextElementSibling as HTMLElement | null;
      const isEmpty = !list?.querySelector("li:not([hidden])");
      term.hidden = isEmpty;
      if (list) list.hidden = isEmpty;
    }
    if (others0) others0.hidden = !document.querySelector(".unpriced li:not([hidden])");
    const isFiltered = ["q", "peg", "confidence", "off"].some((key) => state.get(key));
    if (output) output.textContent = isFiltered ? `${shown} of ${rows.length} shown` : `${rows.length} coins`;
    if (reset) reset.hidden = !isFiltered;
  }

  function show(): void {
    shared.sort();
    applyFilters();
  }

  reset?.addEventListener("click", () => {
    for (const key of ["q", "peg", "confidence", "off"]) state.delete(key);
    search.value = "";
    choose("q", "");
  });
  search.value = state.get("q") ?? "";
  search.addEventListener("input", () => choose("q", search.value.trim()));
  search.form?.addEventListener("submit", (event) => {
    event.preventDefault();
    table.scrollIntoView();
    const only = rows.filter((row) => !row.hidden);
    if (only.length === 1) only[0]?.querySelector("a")?.click();
  });
  if (state.size > 0) show();
  else if (output) output.textContent = `${rows.length} coins`;
}
