/** Parameters of the flows and events API, as text from a URL. The browser's client uses the same rules. */

const RANGES: Readonly<Record<string, { min: number; max: number }>> = {
  hours: { min: 1, max: 720 },
  limit: { min: 1, max: 500 },
  offset: { min: 0, max: Number.MAX_SAFE_INTEGER },
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  direction: ["mint", "burn"],
  burnType: ["effective_burn", "bridge_burn", "review_required"],
  scope: ["all", "counted"],
};

/** "ok", or "400" for what the API refuses; a parameter that is not given is fine. */
export function validateParam(param: string, value: string | null): "ok" | "400" {
  if (value === null) return "ok";
  const choices = CHOICES[param];
  if (choices !== undefined) return choices.includes(value) ? "ok" : "400";
  const range = RANGES[param];
  if (range === undefined || !/^\d+$/.test(value)) return "400";
  const number = Number(value);
  return number >= range.min && number <= range.max ? "ok" : "400";
}

/** Amounts of at least `minAmount` USD; 0 keeps everything, unpriced ones too. */
export function filterMinAmount<Item>(
  items: readonly Item[],
  minAmount: number,
  amountUsdOf: (item: Item) => number | null,
): Item[] {
  if (!(minAmount > 0)) return [...items];
  return items.filter((item) => {
    const amountUsd = amountUsdOf(item);
    return amountUsd !== null && amountUsd >= minAmount;
  });
}
