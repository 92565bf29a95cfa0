/** Every contract whose events are read: where its reading stands, and why one is behind or set aside. */
import { z } from "zod";
import { MintBurnFlowsSchema } from "../../pipeline/schema/flows.ts";
import type { SiteRecord } from "../lib/record.ts";

const ConfigSchema = z.object({
  key: z.string().describe("<chain slug>-<address>"),
  stablecoinId: z.string(),
  symbol: z.string(),
  chainId: z.string(),
  address: z.string(),
  tier: z.enum(["critical", "extended"]),
  events: z.array(z.string()),
  startBlock: z.int(),
  startBlockSource: z.string(),
  startBlockConfidence: z.enum(["high", "medium", "low"]),
  state: z.enum(["read", "disabled", "deferred", "behind", "unread"]),
  lastSyncedBlock: z.int().nullable().describe("Final block up to which everything was read; null: never read"),
  lagBlocks: z.int().nonnegative().nullable(),
  deferredUntil: z.int().nullable(),
  reason: z.string().nullable(),
});

export const FlowConfigsFileSchema = z.object({
  configs: z.array(ConfigSchema),
  laggingConfigs: z.array(z.string()).describe("Keys of the six furthest behind the head of their chain"),
  run: z.record(z.string(), z.number()).describe("What the run counted: rows, contracts, errors, budget, backlogs"),
  chains: MintBurnFlowsSchema.shape.chains,
});

const MOST_LAGGING = 6;

export function flowConfigsData(record: SiteRecord): z.infer<typeof FlowConfigsFileSchema> | null {
  const flows = record.snapshots["mint-burn-flows"];
  if (!flows) return null;
  const { registry } = record;
  const laggards = new Map(flows.data.laggards.map((laggard) => [laggard.key, laggard]));
  const chains = new Map(flows.data.chains.map((chain) => [chain.chainId, chain]));
  const configs = registry.coins.flatMap((coin) =>
    coin.mintBurnContracts.flatMap((contract): z.infer<typeof ConfigSchema>[] => {
      const slug = registry.chainById.get(contract.chain)?.slug;
      if (slug === undefined || contract.address === null) return [];
      const key = `${slug}-${contract.address}`;
      const laggard = laggards.get(key);
      const chain = chains.get(slug);
      const lastSyncedBlock = laggard ? laggard.lastSyncedBlock : (chain?.finalizedBlock ?? null);
      const head = chain?.headBlock ?? null;
      return [
        {
          key,
          stablecoinId: coin.id,
          symbol: coin.symbol,
          chainId: slug,
          address: contract.address,
          tier: contract.tier,
          events: contract.events,
          startBlock: contract.startBlock,
          startBlockSource: contract.startBlockSource,
          startBlockConfidence: contract.startBlockConfidence,
          state: laggard?.state ?? (lastSyncedBlock === null ? "unread" : "read"),
          lastSyncedBlock,
          lagBlocks: head === null || lastSyncedBlock === null ? null : Math.max(0, head - lastSyncedBlock),
          deferredUntil: laggard?.deferredUntil ?? null,
          reason: laggard?.reason ?? chain?.reason ?? null,
        },
      ];
    }),
  );
  const lagging = configs
    .filter((config) => (config.lagBlocks ?? 0) > 0)
    .sort((a, b) => (b.lagBlocks ?? 0) - (a.lagBlocks ?? 0) || (a.key < b.key ? -1 : 1));
  const run = record.runs.find(({ runId }) => runId === flows.runId);
  return {
    configs,
    laggingConfigs: lagging.slice(0, MOST_LAGGING).map(({ key }) => key),
    run: run?.lanes.find(({ lane }) => lane === "flows")?.counts ?? {},
    chains: flows.data.chains,
  };
}
