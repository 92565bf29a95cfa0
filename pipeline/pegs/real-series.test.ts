import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseKlines, parseRounds } from "../sources/csv.ts";
import { recording } from "../test-support/shared.ts";
import { episodeId } from "./depeg-events.ts";
import { replayDepegs } from "./replay.ts";

type Points = [timestamp: number, price: number][];

function text(path: string): string {
  return readFileSync(recording(path) as string, "utf8");
}

function klines(...days: string[]): Points {
  return days.flatMap((day) =>
    parseKlines(text(`binance-klines/${day}.csv`)).points.map((point): Points[number] => [
      point.timestamp,
      point.price,
    ]),
  );
}

function rounds(coin: string): Points {
  const { points } = parseRounds(text(`chainlink-history/${coin}_usd_rounds.csv`));
  return points.map((point) => [point.timestamp, point.price]);
}

/** Closes of a vendor's candles: `{data: [{dt: ISO, c}]}`. */
function quarterHours(): Points {
  const body = JSON.parse(text("usdc-depeg-2023/usdc_15min_2023-03-09_2023-03-19.json")) as {
    data: { dt: string; c: number }[];
  };
  return body.data.map(({ dt, c }) => [Date.parse(dt) / 1000, c]);
}

const at = (iso: string) => Date.parse(`${iso}Z`) / 1000;

/** What the method makes of a recorded series; figures were checked against the rows themselves. */
const SERIES = [
  {
    name: "USDC by quarter-hour, March 2023",
    read: quarterHours,
    points: 808,
    events: 16,
    above: 0,
    episodes: 1,
    secondsOff: 184_500,
    first: { startedAt: at("2023-03-11T01:30"), endedAt: at("2023-03-11T02:15"), peakDeviationBps: -123 },
    deepest: { startedAt: at("2023-03-11T03:00"), endedAt: at("2023-03-12T22:45"), peakDeviationBps: -992 },
    lastEndedAt: at("2023-03-14T20:00"),
  },
  {
    name: "USDC by minute, 11 and 12 March 2023",
    read: () => klines("USDCUSDT-1m-2023-03-11", "USDCUSDT-1m-2023-03-12"),
    points: 2040,
    events: 1,
    above: 0,
    episodes: 1,
    secondsOff: 122_340,
    first: { startedAt: at("2023-03-11T14:00"), endedAt: null, peakDeviationBps: -950 },
    deepest: { startedAt: at("2023-03-11T14:00"), endedAt: null, peakDeviationBps: -950 },
    lastEndedAt: null,
  },
  {
    name: "USDC by minute, 11 May 2022",
    read: () => klines("USDCUSDT-1m-2022-05-11"),
    points: 1440,
    events: 4,
    above: 4,
    episodes: 1,
    secondsOff: 720,
    first: { startedAt: at("2022-05-11T12:41"), endedAt: at("2022-05-11T12:42"), peakDeviationBps: 136 },
    deepest: { startedAt: at("2022-05-11T12:44"), endedAt: at("2022-05-11T12:53"), peakDeviationBps: 268 },
    lastEndedAt: at("2022-05-11T20:35"),
  },
  {
    name: "USDC by Chainlink rounds, July 2021 to November 2022",
    read: () => rounds("usdc"),
    points: 2323,
    events: 10,
    above: 10,
    episodes: 1,
    secondsOff: 6_538,
    first: { startedAt: at("2022-05-11T12:47:52"), endedAt: at("2022-05-11T12:50:19"), peakDeviationBps: 104 },
    deepest: { startedAt: at("2022-05-12T06:56:00"), endedAt: at("2022-05-12T07:39:55"), peakDeviationBps: 318 },
    lastEndedAt: at("2022-05-12T08:45:24"),
  },
  {
    name: "FRAX by Chainlink rounds, October 2021 to November 2022",
    read: () => rounds("frax"),
    points: 1282,
    events: 17,
    above: 13,
    episodes: 3,
    secondsOff: 62_059,
    first: { startedAt: at("2022-01-23T07:13:47"), endedAt: at("2022-01-23T07:15:33"), peakDeviationBps: 100 },
    deepest: { startedAt: at("2022-05-12T07:28:24"), endedAt: at("2022-05-12T07:44:25"), peakDeviationBps: -176 },
    lastEndedAt: at("2022-08-28T21:24:47"),
  },
  {
    name: "MIM by Chainlink rounds, October 2021 to November 2022",
    read: () => rounds("mim"),
    points: 1123,
    events: 68,
    above: 7,
    episodes: 14,
    secondsOff: 659_907,
    first: { startedAt: at("2021-10-27T00:25:00"), endedAt: at("2021-10-27T02:33:46"), peakDeviationBps: 100 },
    deepest: { startedAt: at("2022-06-18T00:35:52"), endedAt: at("2022-06-18T17:18:18"), peakDeviationBps: -741 },
    lastEndedAt: at("2022-11-18T15:15:37"),
  },
  {
    name: "BUSD by minute on 13 February 2023, which stays inside",
    read: () => klines("BUSDUSDT-1m-2023-02-13"),
    points: 1440,
    events: 0,
    above: 0,
    episodes: 0,
    secondsOff: 0,
    first: undefined,
    deepest: undefined,
    lastEndedAt: undefined,
  },
] as const;

describe.skipIf(recording("chainlink-history") === null)("recorded prices, replayed", () => {
  it.each(SERIES)("$name", (series) => {
    const points: Points = series.read();
    const events = replayDepegs(points, "peggedUSD", 1);
    const deepest = [...events].sort((a, b) => Math.abs(b.peakDeviationBps) - Math.abs(a.peakDeviationBps))[0];
    const episodes = events.map((event, index) =>
      episodeId("coin", event.direction, event.startedAt, events.slice(0, index)),
    );
    const end = points.at(-1)?.[0] as number;
    expect({
      points: points.length,
      events: events.length,
      above: events.filter((event) => event.direction === "above").length,
      episodes: new Set(episodes).size,
      secondsOff: events.reduce((sum, event) => sum + (event.endedAt ?? end) - event.startedAt, 0),
      lastEndedAt: events.at(-1)?.endedAt,
    }).toEqual({
      points: series.points,
      events: series.events,
      above: series.above,
      episodes: series.episodes,
      secondsOff: series.secondsOff,
      lastEndedAt: series.lastEndedAt,
    });
    if (series.first) expect(events[0]).toMatchObject(series.first);
    if (series.deepest) expect(deepest).toMatchObject(series.deepest);
  });

  it.each(SERIES)("every row off the threshold lies in an event and no other does: $name", ({ read }) => {
    const points: Points = read();
    const events = replayDepegs(points, "peggedUSD", 1);
    for (const [time, price] of points) {
      const bps = Math.round((price - 1) * 10_000);
      const inside = events.filter((event) => time >= event.startedAt && time < (event.endedAt ?? Infinity));
      expect(inside.length, `${time} ${price}`).toBe(Math.abs(bps) >= 100 ? 1 : 0);
    }
  });
});
