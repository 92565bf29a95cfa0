/**
 * Incidents by script: what goes wrong in a simulated world, when, and the list of it that tests call the truth.
 *
 * Times in a script count from the world's start (`epochSec`); in the truth they are absolute unix seconds.
 */
import { inheritedFrom, type SimCoin } from "./coin.ts";

/** A world starts this long before its present unless told otherwise: the demo's script fills that time. */
export const DEFAULT_WORLD_DAYS = 35;

const HOUR_SEC = 3_600;
const DAY_SEC = 86_400;
/** A dip falls and recovers within this share of its length at either end. */
const DIP_EDGE_SHARE = 0.08;

export type DepegShape =
  /** Falls fast, stays down, recovers. */
  | "dip"
  /** Loses value evenly until the end, then jumps back. */
  | "bleed"
  /** Falls within the given time and never returns. */
  | "collapse"
  /** Falls evenly to its lowest in the middle and rises evenly again. */
  | "vee"
  /** Two dips with a return between them. */
  | "double-dip";

/** How a coin's reserves go wrong: closed, telling ten times as much or pointing elsewhere, standing still, answering nothing. */
export type ReserveTrouble = "paused" | "lying" | "frozen" | "silent";

/** A venue that prints par whatever happens, or that has two coins' decimals mixed up. */
export type VenueLie = "par" | "decimals";

export type IncidentScript = { afterSec: number; durationSec: number } & (
  | { kind: "depeg"; coin: string; shape: DepegShape; floorRatio: number }
  | { kind: "outage"; upstream: string; status: number }
  | { kind: "stale-feed"; upstream: string }
  | { kind: "reserve"; coin: string; trouble: ReserveTrouble }
  | { kind: "drifting-venue"; upstream: string; coin: string; bpsPerHour: number; maxBps: number }
  | { kind: "lying-venue"; upstream: string; coin: string; lie: VenueLie }
);

/** What happened when, in absolute time; `endSec` is exclusive and infinite for what never ends. */
export type Incident = IncidentScript & { startSec: number; endSec: number };

export interface Truth {
  incidents: readonly Incident[];
  depegs: readonly { coin: string; startSec: number; endSec: number; floorRatio: number; shape: DepegShape }[];
}

export function scheduleIncidents(script: readonly IncidentScript[], epochSec: number): Incident[] {
  return script.map((incident) => {
    const startSec = epochSec + incident.afterSec;
    return { ...incident, startSec, endSec: startSec + incident.durationSec };
  });
}

export function truthOf(incidents: readonly Incident[]): Truth {
  const depegs = incidents.flatMap((incident) => {
    if (incident.kind !== "depeg") return [];
    const { coin, startSec, floorRatio, shape } = incident;
    return [
      { coin, startSec, endSec: shape === "collapse" ? Number.POSITIVE_INFINITY : incident.endSec, floorRatio, shape },
    ];
  });
  return { incidents, depegs };
}

/** Factor on the coin's price at a time: 1 outside the incident, `floorRatio` at its deepest; above 1 the coin rises. */
export function depegFactor(incident: Incident & { kind: "depeg" }, timeSec: number): number {
  const { shape, startSec, endSec, floorRatio } = incident;
  if (timeSec < startSec) return 1;
  const progress = Math.min(1, (timeSec - startSec) / (endSec - startSec));
  const fall = 1 - floorRatio;
  if (shape === "collapse") return 1 - fall * progress;
  if (progress >= 1) return 1;
  if (shape === "bleed") return 1 - fall * progress;
  if (shape === "vee") return 1 - fall * (1 - Math.abs(2 * progress - 1));
  if (shape === "double-dip") return 1 - fall * dipDepth(progress < 0.5 ? progress / 0.4 : (progress - 0.6) / 0.4);
  return 1 - fall * dipDepth(progress);
}

/** 0 before and after a dip, 1 while it is down. */
function dipDepth(progress: number): number {
  return Math.max(0, Math.min(1, Math.min(progress, 1 - progress) / DIP_EDGE_SHARE));
}

/**
 * The demo's script: a bit of everything, in the last days of its 35, where its runs stand (see demo.ts). The last morning sees one coin
 * fall, half an hour before the end it is still down, at the end it is back. Coins are chosen by size among those that two sources quote.
 */
export function defaultIncidents(coinsBySize: readonly SimCoin[]): IncidentScript[] {
  const quoted = coinsBySize.filter(
    (coin) =>
      coin.status.state === "active" &&
      coin.peg.currency === "USD" &&
      !coin.navToken &&
      !inheritedFrom(coin) &&
      Boolean(coin.ids.defillama && coin.ids.coingecko),
  );
  const at = (rank: number): string | undefined => quoted[Math.min(rank, quoted.length - 1)]?.id;
  const [depegged, dipped, bled, drifted, dipping] = [at(8), at(13), at(17), at(20), at(26)];
  const script: IncidentScript[] = [
    { kind: "stale-feed", upstream: "coingecko", afterSec: 30.3 * DAY_SEC, durationSec: DAY_SEC },
    { kind: "outage", upstream: "coingecko", status: 503, afterSec: 31.8 * DAY_SEC, durationSec: 5 * HOUR_SEC },
  ];
  const onCoin = (coin: string | undefined, incident: (coin: string) => IncidentScript) => {
    if (coin) script.push(incident(coin));
  };
  onCoin(bled, (coin) => ({
    kind: "depeg",
    coin,
    shape: "bleed",
    floorRatio: 0.975,
    afterSec: 28.5 * DAY_SEC,
    durationSec: 5 * DAY_SEC,
  }));
  onCoin(depegged, (coin) => ({
    kind: "depeg",
    coin,
    shape: "dip",
    floorRatio: 0.93,
    afterSec: 34.8 * DAY_SEC,
    durationSec: 4.6 * HOUR_SEC,
  }));
  onCoin(dipped, (coin) => ({
    kind: "depeg",
    coin,
    shape: "dip",
    floorRatio: 0.982,
    afterSec: 30.7 * DAY_SEC,
    durationSec: 2 * DAY_SEC,
  }));
  // Still going on when the world's 35 days are over, so that the latest snapshot has something to show.
  onCoin(dipping, (coin) => ({
    kind: "depeg",
    coin,
    shape: "dip",
    floorRatio: 0.984,
    afterSec: 34.5 * DAY_SEC,
    durationSec: DAY_SEC,
  }));
  onCoin(drifted, (coin) => ({
    kind: "drifting-venue",
    upstream: "coingecko",
    coin,
    bpsPerHour: 4,
    maxBps: 160,
    afterSec: 33 * DAY_SEC,
    durationSec: Number.POSITIVE_INFINITY,
  }));
  // A closed exit that is still closed at the end, for the same reason.
  onCoin(coinsBySize.find((coin) => coin.reserveAdapter?.kind === "cap-vault")?.id, (coin) => ({
    kind: "reserve",
    coin,
    trouble: "paused",
    afterSec: 33.6 * DAY_SEC,
    durationSec: Number.POSITIVE_INFINITY,
  }));
  return script;
}
