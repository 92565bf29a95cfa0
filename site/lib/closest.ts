/** Ids that look like what was asked for: same word inside first, then few letters changed. */

/** Letters to insert, delete or replace to turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(
        (next[j - 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}

/** At most `limit` ids, best first; empty when nothing is near. */
export function closest(wanted: string, ids: readonly string[], limit = 6): string[] {
  const word = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 60);
  if (!word) return [];
  const ticker = word.split("-")[0] ?? word;
  return ids
    .map((id) => {
      const idTicker = id.split("-")[0] ?? id;
      const distance = Math.min(
        editDistance(word, id),
        editDistance(word, idTicker) + 0.5,
        editDistance(ticker, idTicker) + 1,
      );
      return { id, distance: id.includes(word) ? Math.min(distance, 0.5) : distance };
    })
    .filter(({ distance }) => distance <= Math.max(2, word.length / 3))
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id }) => id);
}
