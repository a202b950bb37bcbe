// What the API answers when it refuses (docs/api.md, Errors), as something to throw.

interface Body {
  code?: string;
  message?: string;
  hint?: string;
  details?: string[];
  current?: unknown;
  changed_by?: string;
  changed_at?: string;
}

export class Problem extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly current: unknown;
  readonly changedBy: string | undefined;
  readonly changedAt: string | undefined;

  constructor(
    readonly status: number,
    body: Body,
    /** When it may be tried again, in milliseconds since 1970; of too many tries. */
    readonly retryAt: number | undefined = undefined,
  ) {
    super(body.message ?? `the aggregator answered ${status}`);
    this.code = body.code ?? "failed";
    this.hint = body.hint;
    this.details = body.details ?? [];
    this.current = body.current;
    this.changedBy = body.changed_by;
    this.changedAt = body.changed_at;
  }

  get isStale(): boolean {
    return this.code === "stale";
  }

  get isMissing(): boolean {
    return this.status === 404;
  }
}

/** The problem that an answer's text states, whatever the text is. */
export function readProblem(status: number, text: string, retryAt?: number): Problem {
  try {
    const body = JSON.parse(text) as { error?: Body };
    if (body.error && typeof body.error === "object")
      return new Problem(status, body.error, retryAt);
  } catch {
    // A proxy's own page, for example: its status says enough.
  }
  return new Problem(status, {}, retryAt);
}

/** No answer at all. */
export function noAnswer(): Problem {
  return new Problem(0, { code: "no_answer", message: "the aggregator does not answer" });
}
