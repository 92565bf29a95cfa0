/** Sort buttons in the headers of every `table.sortable`: first click the useful way round, second click the other. */
import { compareCells } from "../lib/sort-cells.ts";

for (const table of document.querySelectorAll<HTMLTableElement>("table.sortable")) {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body) continue;
  const rows = [...body.rows];
  for (const [index, head] of heads.entries()) {
    const kind = head.classList.contains("text") || index === 0 ? "text" : "number";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const first = kind === "number" ? "descending" : "ascending";
      const other = first === "descending" ? "ascending" : "descending";
      const order = head.getAttribute("aria-sort") === first ? other : first;
      const text = (row: HTMLTableRowElement) => row.cells[index]?.dataset.sort ?? row.cells[index]?.textContent ?? "";
      rows.sort((a, b) => compareCells(text(a), text(b), kind, order === "descending" ? -1 : 1));
      body.append(...rows);
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
    });
  }
}
