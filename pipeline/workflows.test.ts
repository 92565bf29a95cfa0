import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const FOLDER = resolve(import.meta.dirname, "..", ".github", "workflows");

const PermissionsSchema = z.union([z.string(), z.record(z.string(), z.string())]);
const StepSchema = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const JobSchema = z.looseObject({
  if: z.unknown().optional(),
  needs: z.unknown().optional(),
  permissions: PermissionsSchema.optional(),
  "timeout-minutes": z.unknown().optional(),
  uses: z.string().optional(),
  steps: z.array(StepSchema).default([]),
});
const WorkflowSchema = z.looseObject({
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: PermissionsSchema.optional(),
  concurrency: z.union([z.string(), z.looseObject({ "cancel-in-progress": z.unknown().optional() })]).optional(),
  jobs: z.record(z.string(), JobSchema),
});
type Job = z.infer<typeof JobSchema>;

const isPinned = (uses: string) => uses.startsWith("./") || /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/.test(uses);
const pushes = (job: Job) => job.steps.some((step) => /(^|\s)--push(\s|$)|git push/.test(step.run ?? ""));
const deploys = (job: Job) => job.steps.some((step) => step.uses?.startsWith("actions/deploy-pages@"));

function permissionProblems(where: string, permissions: z.infer<typeof PermissionsSchema>, job?: Job): string[] {
  if (typeof permissions === "string") return [`${where}: permissions "${permissions}" names no scope`];
  return Object.entries(permissions).flatMap(([scope, access]) => {
    const needed =
      access !== "write" ||
      (job && ((scope === "contents" && pushes(job)) || (["pages", "id-token"].includes(scope) && deploys(job))));
    return needed ? [] : [`${where}: ${scope}: ${access} is not needed`];
  });
}

/** Every text of the document with the path to it. */
function texts(value: unknown, path: string[] = []): [path: string[], text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => texts(part, [...path, key]));
}

function cronProblems(triggers: Record<string, unknown>): string[] {
  const schedule = z.array(z.object({ cron: z.string() })).parse(triggers.schedule ?? []);
  return schedule.flatMap(({ cron }) =>
    (cron.split(" ")[0] ?? "").split(",").flatMap((minute) => {
      return /^\d+$/.test(minute) && Number(minute) % 2 === 1 ? [] : [`cron minute ${minute} is not an odd minute`];
    }),
  );
}

function jobProblems(name: string, job: Job): string[] {
  const problems: string[] = [];
  if (typeof job["timeout-minutes"] !== "number" && !job.uses) problems.push(`${name}: no timeout-minutes`);
  if (job.permissions !== undefined) problems.push(...permissionProblems(name, job.permissions, job));
  for (const uses of [job.uses, ...job.steps.map((step) => step.uses)])
    if (uses !== undefined && !isPinned(uses)) problems.push(`${name}: ${uses} is not pinned to a commit`);
  for (const step of job.steps) {
    if (step.run?.includes("${{")) problems.push(`${name}: an expression inside run`);
    if (String(step.with?.script ?? "").includes("${{")) problems.push(`${name}: an expression inside a script`);
    if (!step.uses?.startsWith("actions/checkout@")) continue;
    const persisted = step.with?.["persist-credentials"];
    if (persisted !== false && !(persisted === true && pushes(job)))
      problems.push(`${name}: credentials are persisted`);
  }
  return problems;
}

function problemsOf(text: string): string[] {
  const document: unknown = parse(text);
  const workflow = WorkflowSchema.parse(document);
  const on = workflow.on;
  const names = typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(on);
  const triggers = typeof on === "object" && !Array.isArray(on) ? on : {};
  const problems = [...cronProblems(triggers)];

  if (workflow.permissions === undefined) problems.push("no permissions at the top");
  else problems.push(...permissionProblems("top", workflow.permissions));
  if (names.includes("pull_request_target")) problems.push("pull_request_target");
  for (const [name, job] of Object.entries(workflow.jobs)) problems.push(...jobProblems(name, job));

  const { concurrency } = workflow;
  if (Object.values(workflow.jobs).some(pushes)) {
    if (concurrency === undefined) problems.push("pushes without concurrency");
    else if (
      typeof concurrency === "object" &&
      ![undefined, false].includes(concurrency["cancel-in-progress"] as never)
    )
      problems.push("a run that pushes may be cancelled");
  }
  if (names.includes("schedule"))
    for (const [name, job] of Object.entries(workflow.jobs))
      if (job.needs === undefined && !String(job.if ?? "").includes("github.repository == "))
        problems.push(`${name}: runs on the schedule of every fork`);

  for (const [path, value] of texts(document)) {
    if (!/\$\{\{[^}]*\bsecrets\b|^inherit$/.test(value)) continue;
    const inStep = path[0] === "jobs" && path[2] === "steps" && path[4] === "env";
    if (!inStep) problems.push(`a secret outside the env of one step: ${path.join(".")}`);
    if (names.includes("pull_request")) problems.push("a secret where pull requests run");
  }
  for (const line of text.split("\n"))
    if (/\buses:.*@[0-9a-f]{40}/.test(line) && !/ # v\d+\.\d+\.\d+$/.test(line))
      problems.push(`no version beside the pin: ${line.trim()}`);
  return problems;
}

const files = readdirSync(FOLDER).filter((name) => /\.ya?ml$/.test(name));

describe("the workflows", () => {
  it("are found", () => {
    expect(files.sort()).toEqual(["backfill.yml", "ci.yml", "snapshot.yml"]);
  });
  it.each(files)("%s keeps every rule", (name) => {
    expect(problemsOf(readFileSync(join(FOLDER, name), "utf8"))).toEqual([]);
  });
  it("use each action at one commit", () => {
    const all = files.flatMap((name) => [
      ...readFileSync(join(FOLDER, name), "utf8").matchAll(/uses: ([^@\s]+)@(\S+)/g),
    ]);
    const pins = Map.groupBy(all, (match) => match[1]);
    expect(pins.size).toBeGreaterThan(3);
    for (const [action, uses] of pins) expect(new Set(uses.map((match) => match[2])).size, action).toBe(1);
  });
});

const PIN = "a".repeat(40);
const expression = (text: string) => `\${{ ${text} }}`;
const GOOD = `
on:
  schedule: [{ cron: "7,37 * * * *" }]
permissions: { contents: read }
concurrency: { group: one, cancel-in-progress: false }
jobs:
  run:
    if: github.repository == vars.HOME
    timeout-minutes: 5
    permissions: { contents: write }
    steps:
      - uses: actions/checkout@${PIN} # v5.0.0
        with: { persist-credentials: true }
      - run: tool run --push "$KEY"
        env: { KEY: "\${{ secrets.KEY }}" }
`;

describe("each rule catches what it is for", () => {
  it("finds nothing in a good workflow", () => expect(problemsOf(GOOD)).toEqual([]));

  it.each([
    ["a tag instead of a commit", `checkout@${PIN}`, "checkout@v5", "not pinned"],
    ["a short commit", `checkout@${PIN}`, "checkout@aaaaaaa", "not pinned"],
    ["a pin without its version", " # v5.0.0", "", "no version beside"],
    ["no permissions", "permissions: { contents: read }\nconc", "conc", "no permissions at the top"],
    ["all permissions", "permissions: { contents: read }\nconc", "permissions: write-all\nconc", "names no scope"],
    ["writing for every job", "{ contents: read }", "{ contents: write }", "top: contents: write"],
    ["a scope the job does not use", "{ contents: write }", "{ contents: write, issues: write }", "issues: write"],
    ["deploy rights where nothing deploys", "{ contents: write }", "{ id-token: write }", "id-token: write"],
    ["no timeout", "    timeout-minutes: 5\n", "", "no timeout-minutes"],
    ["an expression inside run", '"$KEY"', expression("inputs.lane"), "expression inside run"],
    [
      "an expression inside a script",
      "persist-credentials: true",
      `script: "x('${expression("github.head_ref")}')"`,
      "inside a script",
    ],
    ["pull_request_target", "on:\n", "on:\n  pull_request_target:\n", "pull_request_target"],
    ["a run on the hour", '"7,37', '"0,37', "cron minute 0"],
    ["a run on the half hour", '"7,37', '"7,30', "cron minute 30"],
    ["a run in steps", '"7,37', '"*/30', "cron minute */30"],
    ["no concurrency", "concurrency: { group: one, cancel-in-progress: false }\n", "", "without concurrency"],
    ["cancelling a run that pushes", "cancel-in-progress: false", "cancel-in-progress: true", "may be cancelled"],
    [
      "cancelling by an expression",
      "cancel-in-progress: false",
      `cancel-in-progress: "${expression("true")}"`,
      "may be cancelled",
    ],
    ["a schedule in every fork", "    if: github.repository == vars.HOME\n", "", "schedule of every fork"],
    [
      "a secret for a whole job",
      "    timeout-minutes: 5\n",
      `    timeout-minutes: 5\n    env: { A: "${expression("secrets.A")}" }\n`,
      "outside the env",
    ],
    [
      "every secret at once",
      "    timeout-minutes: 5\n",
      `    timeout-minutes: 5\n    env: { A: "${expression("toJSON(secrets)")}" }\n`,
      "outside the env",
    ],
    [
      "inherited secrets",
      "    timeout-minutes: 5\n",
      "    timeout-minutes: 5\n    secrets: inherit\n",
      "outside the env",
    ],
    ["a secret on pull requests", "on:\n", "on:\n  pull_request:\n", "where pull requests run"],
    ["credentials kept by default", "        with: { persist-credentials: true }\n", "", "credentials are persisted"],
    ["credentials kept where nothing pushes", " --push", "", "credentials are persisted"],
  ])("%s", (_name, from, to, problem) => {
    const bad = GOOD.replace(from, () => to);
    expect(bad, "the example did not change").not.toBe(GOOD);
    expect(problemsOf(bad).join("\n")).toContain(problem);
  });
});
