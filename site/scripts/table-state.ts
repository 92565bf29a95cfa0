/** A table whose sort and filters stand in the address, so that what one sees can be sent to somebody: what both big tables share. */
import { compareCells } from "../lib/sort-cells.ts";

/** A title that is a figure is the exact form of a shortened cell. */
const EXACT = /^[−\d][\d,.]*$/;

export interface TableState {
  rows: HTMLTableRowElement[];
  /** What is chosen, by name. */
  chosen: URLSearchParams;
  /** Column of a key, -1 where there is none. */
  indexOf(key: string): number;
  /** Chooses, writes the address and shows; an empty value chooses nothing. */
  choose(key: string, value: string): void;
  /** Sorts by what is chosen and sets the selects; filters are the caller's. */
  sort(): void;
}

/** `fallback` is the sort without a choice, a minus before it for descending; `show` is called after every choice. */
export function tableState(
  table: HTMLTableElement,
  selects: readonly HTMLSelectElement[],
  fallback: string,
  show: () => void,
): TableState {
  const body = table.tBodies[0];
  const rows = [...(body?.rows ?? [])];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  const chosen = new URLSearchParams(location.search);
  const indexOf = (key: string) => heads.findIndex((head) => head.dataset.key === key);
  const isNumber = (key: string) => heads[indexOf(key)]?.dataset.kind === "number";

  function textOf(row: HTMLTableRowElement, index: number): string {
    const cell = row.cells[index];
    return (cell?.title && EXACT.test(cell.title) ? cell.title : cell?.textContent) ?? "";
  }

  function sort(): void {
    const wanted = chosen.get("sort") ?? fallback;
    const key = wanted.replace(/^-/, "");
    const head = heads[indexOf(key)];
    for (const select of selects)
      select.value = (chosen.get(select.name) ?? (select.name === "sort" ? fallback : "")).replace(/^-/, "");
    if (!head) return;
    const sign = wanted.startsWith("-") ? -1 : 1;
    const keyed = rows.map((row) => ({ row, text: textOf(row, indexOf(key)) }));
    keyed.sort((a, b) => compareCells(a.text, b.text, isNumber(key) ? "number" : "text", sign));
    body?.append(...keyed.map(({ row }) => row));
    for (const each of heads) each.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
  }

  function choose(key: string, value: string): void {
    if (value) chosen.set(key, value);
    else chosen.delete(key);
    const query = chosen.toString();
    history.replaceState(null, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
    show();
  }

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const key = head.dataset.key ?? "";
      const first = isNumber(key) ? `-${key}` : key;
      const second = first.startsWith("-") ? key : `-${key}`;
      choose("sort", (chosen.get("sort") ?? fallback) === first ? second : first);
    });
    head.replaceChildren(button);
  }
  for (const select of selects)
    select.addEventListener("change", () => {
      const isDescending = select.name === "sort" && isNumber(select.value);
      choose(select.name, isDescending ? `-${select.value}` : select.value);
    });
  return { rows, chosen, indexOf, choose, sort };
}
