/** Elements with text and attributes, for scripts that build tables. Text is only ever set as text. */
type Child = Node | string;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A table in a box that scrolls; the first cell of each row is its head, columns named in `words` are read and not counted. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly Child[])[],
  words: readonly string[] = [],
): HTMLElement {
  const kind = (index: number): Record<string, string> =>
    words.includes(columns[index] ?? "") ? { class: "text" } : {};
  const head = element(
    "tr",
    {},
    ...columns.map((name, index) => element("th", { scope: "col", ...kind(index) }, name)),
  );
  const body = rows.map(([first = "", ...rest]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, first),
      ...rest.map((cell, index) => element("td", kind(index + 1), cell)),
    ),
  );
  return element(
    "section",
    { class: "scroll", "aria-label": caption, tabindex: "0" },
    element(
      "table",
      { class: "plain made roomy" },
      element("caption", {}, caption),
      element("thead", {}, head),
      element("tbody", {}, ...body),
    ),
  );
}
