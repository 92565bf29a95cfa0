/** Progress: a task list that redraws on a terminal, plain lines everywhere else. */
import { Listr } from "listr2";

/** Runs `work`, which says a line for each thing it finished. */
export async function withTaskList<Result>(work: (log: (line: string) => void) => Promise<Result>): Promise<Result> {
  const isTerminal = process.stdout.isTTY === true && !process.env.CI;
  if (!isTerminal) return work((line) => process.stdout.write(`${line}\n`));
  let result: Result | undefined;
  const done: string[] = [];
  await new Listr(
    [
      {
        title: "run",
        async task(_context, task) {
          result = await work((line) => {
            done.push(line);
            task.title = `run: ${line}`;
            task.output = done.join("\n");
          });
          task.title = "run";
        },
        rendererOptions: { outputBar: 12, persistentOutput: true },
      },
    ],
    { concurrent: false },
  ).run();
  return result as Result;
}
