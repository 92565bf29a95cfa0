import { describe, expect, it } from "vitest";
import type { SiteRecord } from "../lib/record.ts";
import { FEED_SUBJECTS, subjectEvents } from "./judgement-events.ts";

const AT = 1_780_000_000;

function record(more: object): SiteRecord {
  return {
    dataDir: "/nowhere",
    newestAsOf: null,
    registry: { coinById: new Map([["a-x", { symbol: "A" }]]), chainById: new Map() },
    snapshots: {},
    runs: [],
    history: { daily: { digests: [], recaps: [], changes: new Map() } },
    ...more,
  } as unknown as SiteRecord;
}

async function itemsOf(name: string, more: object = {}) {
  const subject = FEED_SUBJECTS.find((each) => each.name === name);
  if (!subject) throw new Error(`no feed ${name}`);
  return subjectEvents(subject, record(more));
}

const event = (startedAt: number, endedAt: number | null, more: object = {}) => ({
  stablecoinId: "a-x",
  symbol: "A",
  direction: "below",
  peakDeviationBps: -300,
  startedAt,
  endedAt,
  endReason: endedAt === null ? null : "recovered",
  episodeId: "a-x:below:1",
  ...more,
});
const depegs = (...events: object[]) => ({ snapshots: { "depeg-events": { data: { events } } } });

describe("the feeds of one subject", () => {
  it("are those of depegs, grades, circuits, freezes and the digest, empty before the first run", async () => {
    expect(FEED_SUBJECTS.map(({ name }) => name)).toEqual(["depegs", "grades", "circuits", "freezes", "digest"]);
    for (const { name } of FEED_SUBJECTS) expect(await itemsOf(name)).toEqual([]);
  });

  it("tell a depeg once an episode, at one address from its start to its end", async () => {
    const [open] = await itemsOf("depegs", depegs(event(AT, null)));
    const both = await itemsOf(
      "depegs",
      depegs(event(AT, AT + 600), event(AT + 1200, AT + 1800, { peakDeviationBps: -500 })),
    );
    expect(both).toHaveLength(1);
    expect(both[0]?.id).toBe(open?.id);
    expect(open?.text).toContain("still open");
    expect(both[0]?.title).toContain("−500 bps at worst");
    expect(both[0]?.text).toContain("back at its peg");
  });

  it("say of an end that nobody saw that it was not observed", async () => {
    const [item] = await itemsOf("depegs", depegs(event(AT, AT + 600, { endReason: "no-price" })));
    expect(item?.text).toContain("not observed");
  });

  it("name who was frozen, where, and how much, or that the amount is not known", async () => {
    const freeze = (id: string, amount: string | null) => ({
      id,
      stablecoin: "A",
      eventType: "blacklist",
      address: "0x1234567890123456789012345678901234567890",
      chainId: "eip155:1",
      amount,
      timestamp: AT,
    });
    const events = [freeze("1-a-0", "1500000.5"), freeze("1-b-0", null)];
    const items = await itemsOf("freezes", { snapshots: { "freeze-events": { data: { events } } } });
    expect(items.map(({ text }) => /, (.*), at/.exec(text)?.[1])).toEqual(["1.50m A", "an amount not known"]);
    expect(items[0]?.title).toContain("froze 0x123456…567890");
  });

  it("bring the digest with its page as its address", async () => {
    const digest = { day: "2026-11-20", at: AT, title: "All tracked pegs hold", sentences: ["One.", "Two."] };
    const [item] = await itemsOf("digest", {
      history: { daily: { digests: [digest], recaps: [], changes: new Map() } },
    });
    expect(item).toMatchObject({ at: AT, title: "2026-11-20: All tracked pegs hold", text: "One. Two." });
    expect(item?.id).toMatch(/\/digest\/2026-11-20\/$/);
  });

  it("bring the recap of a week beside the morning's digest of the same run", async () => {
    const digest = { day: "2026-11-23", at: AT, title: "A morning", sentences: ["One."] };
    const recap = { day: "2026-11-23", at: AT, title: "The week: calm", sentences: ["Seven.", "Days."] };
    const items = await itemsOf("digest", {
      history: { daily: { digests: [digest], recaps: [recap], changes: new Map() } },
    });
    expect(items.map(({ id }) => new URL(id).pathname.replace(/^.*(?=\/digest)/, ""))).toEqual([
      "/digest/2026-11-23/",
      "/digest/week/2026-11-23/",
    ]);
    expect(items[1]).toMatchObject({ title: "2026-11-23: The week: calm", text: "Seven. Days." });
  });

  it("hold the 200 newest, newest first", async () => {
    const events = Array.from({ length: 230 }, (_, index) =>
      event(AT + index, AT + index, { episodeId: `e-${index}` }),
    );
    const items = await itemsOf("depegs", depegs(...events));
    expect(items).toHaveLength(200);
    expect(items.map(({ at }) => at)).toEqual(Array.from({ length: 200 }, (_, index) => AT + 229 - index));
  });
});
