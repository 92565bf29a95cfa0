/** `plumbline source ID`: one question to one upstream, outside any run: rows, newest observation, nothing stored. */
import { randomBytes } from "node:crypto";
import { UsageError } from "../errors.ts";
import { applyUpstreamOverrides, loadRegistry, readUpstreamOverrides } from "../registry/registry.ts";
import { createBreakers } from "../sources/breaker.ts";
import { createClient, type UpstreamLimits } from "../sources/client.ts";
import { collect } from "../sources/collect.ts";
import { sources } from "../sources/index.ts";
import { nodeUpstreams, rpcChains } from "../sources/nodes.ts";
import { isoSeconds } from "../time.ts";
import { parseCount, runClock } from "./options.ts";

interface SourceFlags {
  data: string;
  upstreams?: string;
  now?: string;
  rows: string;
}

/** The longest list of rows in a parsed answer. */
function rowsOf(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [value];
  const lists = Object.values(value).map((part) =>
    Array.isArray(part)
      ? part
      : typeof part === "object" && part !== null
        ? Object.entries(part).map(([key, row]) => ({ [key]: row }))
        : [],
  );
  return lists.sort((a, b) => b.length - a.length)[0] ?? [];
}

function newest(rows: unknown[]): number | null {
  const times = rows.flatMap((row) => {
    const { observedAt, date, timestamp } = row as Record<string, unknown>;
    return [observedAt, date, timestamp].filter((time): time is number => typeof time === "number");
  });
  return times.length > 0 ? Math.max(...times) : null;
}

export async function sourceCommand(id: string, flags: SourceFlags): Promise<number> {
  const source = sources.get(id);
  if (!source)
    throw new UsageError(`there is no source ${JSON.stringify(id)}`, {
      code: "unknown-source",
      where: "source ID",
      hint: `sources are ${[...sources.keys()].join(", ")}`,
    });
  const shown = parseCount("--rows", flags.rows, 1, 1000);
  const nowSec = runClock(flags.now);
  const home = loadRegistry(flags.data);
  const registry = flags.upstreams ? applyUpstreamOverrides(home, readUpstreamOverrides(flags.upstreams)) : home;
  const client = createClient({
    upstreams: new Map<string, UpstreamLimits>([
      ...registry.upstreams,
      ...nodeUpstreams(registry.chains, process.env, registry.simulated),
    ]),
    chains: rpcChains(registry.chains, process.env),
    env: process.env,
    nowSec,
    random: () => randomBytes(4).readUInt32LE() / 2 ** 32,
  });
  try {
    const answer = await collect(source, source.example, { http: client, breakers: createBreakers({}), report: [] });
    if (!answer.ok) {
      process.stderr.write(`${id}: ${answer.reason}: ${answer.detail}\n`);
      return 1;
    }
    const rows = rowsOf(answer.value);
    for (const row of rows.slice(0, shown)) process.stdout.write(`${JSON.stringify(row)}\n`);
    const at = newest(rows);
    const when =
      at === null ? "it states no time" : `newest ${isoSeconds(at)}, ${Math.round((nowSec - at) / 60)} min old`;
    process.stdout.write(
      `${id}: ${rows.length} rows, ${when}${registry.simulated ? " (simulated)" : ""}; nothing was stored\n`,
    );
    return 0;
  } finally {
    await client.close();
  }
}
