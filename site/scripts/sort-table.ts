/** Sort buttons in the headers of every `table.sortable`; the choice stands in the address as `sort=key` or `sort=-key`. */
import { compareCells } from "../lib/sort-cells.ts";

for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body) continue;
  const rows = [...body.rows];

  const sortBy = (key: string, sign: 1 | -1) => {
    const index = heads.findIndex((head) => head.dataset.key === key);
    const kind = heads[index]?.dataset.kind === "text" ? "text" : "number";
    if (index === -1) return;
    heads.forEach((head, i) => {
      head.setAttribute("aria-sort", i === index ? (sign === 1 ? "ascending" : "descending") : "none");
    });
    const text = (row: HTMLTableRowElement) => row.cells[index]?.textContent ?? "";
    body.append(...rows.toSorted((a, b) => compareCells(text(a), text(b), kind, sign)));
  };

  for (const head of heads) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const first = head.dataset.kind === "text" ? "ascending" : "descending";
      const isFirst = head.getAttribute("aria-sort") !== first;
      const sign = (first === "ascending") === isFirst ? 1 : -1;
      const key = head.dataset.key ?? "";
      sortBy(key, sign);
      const query = new URLSearchParams(location.search);
      query.set("sort", sign === 1 ? key : `-${key}`);
      history.replaceState(null, "", `?${query}${location.hash}`);
    });
    head.replaceChildren(button);
  }
  const wanted = new URLSearchParams(location.search).get("sort");
  if (wanted) sortBy(wanted.replace(/^-/, ""), wanted.startsWith("-") ? -1 : 1);
}
