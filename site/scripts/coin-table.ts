/** Sort, search and filters of the coin table; what is chosen stands in the address, so that it can be sent to somebody. */
import { compareCells } from "../lib/sort-cells.ts";

const table = document.querySelector<HTMLTableElement>("#coin-table");
const body = table?.tBodies[0];
const filters = document.querySelector<HTMLElement>(".filters");
const search = document.querySelector<HTMLInputElement>("#q");

function cell(row: HTMLTableRowElement, index: number): HTMLTableCellElement | undefined {
  return row.cells[index];
}

if (table && body && filters && search) {
  const rows = [...body.rows];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const indexOf = (key: string) => heads.findIndex((head) => head.dataset.key === key);
  const selects = [...filters.querySelectorAll("select")];
  const output = filters.querySelector("output");
  const reset = filters.querySelector<HTMLButtonElement>("[data-reset]");
  const others = [...document.querySelectorAll<HTMLLIElement>(".unpriced li")];
  const others0 = document.querySelector<HTMLElement>("#unpriced");
  const state = new URLSearchParams(location.search);
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

  function applySort(): void {
    const wanted = state.get("sort") ?? "-supply";
    const key = wanted.replace(/^-/, "");
    const index = indexOf(key);
    const head = heads[index];
    if (!head) return;
    const sign = wanted.startsWith("-") ? -1 : 1;
    const kind = head.dataset.kind === "number" ? "number" : "text";
    const keyed = rows.map((row) => ({ row, text: sortText(row, index) }));
    keyed.sort((a, b) => compareCells(a.text, b.text, kind, sign));
    body?.append(...keyed.map(({ row }) => row));
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
  }

  function sortText(row: HTMLTableRowElement, index: number): string {
    const target = cell(row, index);
    const isExact = target?.title && /^[−\d][\d,.]*$/.test(target.title);
    return (isExact ? target.title : target?.textContent) ?? "";
  }

  function show(): void {
    for (const select of selects)
      select.value = (state.get(select.name) ?? (select.name === "sort" ? "supply" : "")).replace(/^-/, "");
    applySort();
    applyFilters();
  }

  function choose(key: string, value: string): void {
    if (value) state.set(key, value);
    else state.delete(key);
    const query = state.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    show();
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const key = head.dataset.key ?? "";
      const current = state.get("sort") ?? "-supply";
      const first = head.dataset.kind === "number" ? `-${key}` : key;
      const second = first.startsWith("-") ? key : `-${key}`;
      choose("sort", current === first ? second : first);
    });
    head.replaceChildren(button);
  }
  for (const select of selects)
    select.addEventListener("change", () => {
      const isNumber = heads[indexOf(select.value)]?.dataset.kind === "number";
      choose(select.name, select.name === "sort" && isNumber ? `-${select.value}` : select.value);
    });
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
