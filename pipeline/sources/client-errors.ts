/**
 * The errors of the one client: what an upstream did, in words that say what to do about it.
 *
 * They are made from upstream id, path and code alone: no host, no port, no text of the socket layer, so they hold no secret
 * and read the same when a recording is replayed.
 */
import { SourceChanged, SourceUnavailable } from "../errors.ts";
import type { Answer, FailureCode } from "./exchange.ts";
import { tooDeep } from "./json.ts";

/** An HTTP status that is no success. `collect` tells callers when asking again makes sense. */
export class HttpRefused extends SourceUnavailable {
  readonly status: number;
  readonly retryAfterSec: number | null;
  /** The refusal as sent: JSON-RPC nodes put their error member here. Untrusted. */
  readonly text: string;

  constructor(message: string, where: string, answer: Answer) {
    super(message, { code: `http-${answer.status}`, where, hint: statusHint(answer.status) });
    this.status = answer.status;
    this.retryAfterSec = answer.retryAfterSec;
    this.text = answer.text;
  }
}

/** What the network or the limits did, as the error that callers act on. */
export function failureError(failure: FailureCode, upstream: string, where: string): Error {
  switch (failure) {
    case "too-deep":
      return tooDeep(where);
    case "too-large":
      return new SourceChanged(`${upstream} sent more bytes than upstreams.json allows`, {
        code: "too-large",
        where,
        hint: "If the answer really grew, raise maxBytes of this upstream in data/registry/upstreams.json.",
      });
    case "bad-encoding":
      return new SourceChanged(`${upstream} used a content encoding we did not ask for`, {
        code: "bad-encoding",
        where,
      });
    case "timeout":
      return new SourceUnavailable(`${upstream} did not answer in time`, { code: "timeout", where, retryable: true });
    case "connection":
      return new SourceUnavailable(`${upstream} broke the connection before the answer was complete`, {
        code: "connection",
        where,
        retryable: true,
      });
    case "unreachable":
      return new SourceUnavailable(`${upstream} cannot be reached`, {
        code: "unreachable",
        where,
        hint: "Check the network and the base URL in data/registry/upstreams.json.",
        retryable: true,
      });
  }
}

export function notConfigured(id: string, isUnknown: boolean): SourceUnavailable {
  return new SourceUnavailable(
    isUnknown ? `The upstream ${id} is not in the upstreams file` : `The upstream ${id} has no base URL here`,
    {
      code: "unreachable",
      where: id,
      hint: "Base URLs come from data/registry/upstreams.json, or from the file given with --upstreams.",
    },
  );
}

export function noKey(id: string, keyEnv: string): SourceUnavailable {
  return new SourceUnavailable(`${id} needs a key and ${keyEnv} is not set`, {
    code: "no-key",
    where: id,
    hint: `Set ${keyEnv} in the environment; without it the source is disabled, which is not a failure.`,
  });
}

function statusHint(status: number): string {
  if (status === 429)
    return "The upstream limits our rate: lower perSecond in data/registry/upstreams.json or set a key.";
  if (status === 401) return "The key is missing or wrong.";
  if (status === 403 || status === 451) return "The upstream refuses this network or key.";
  if (status === 404) return "The address or an id in it does not exist any more.";
  if (status >= 300 && status < 400)
    return "The endpoint moved: put its new address into data/registry/upstreams.json.";
  return "The upstream is in trouble; the next run asks again.";
}
