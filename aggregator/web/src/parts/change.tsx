// Changing a thing that somebody else may have changed meanwhile.

import { Problem } from "../api/problem.ts";
import { type Method, send } from "../api/request.ts";
import type { Revised } from "../api/things.ts";
import { ask } from "./dialog.tsx";
import { DifferenceTable } from "./difference_table.tsx";
import { differences } from "./differences.ts";
import { Time } from "./time.tsx";

export type Body = Record<string, unknown>;

interface Changed extends Revised {
  /** The field that is replaced, where the body is not of the thing itself. */
  part?: string;
}

/** Sends a change of the thing as it was read. If it is another one by now it asks whether to save all
 *  the same; answers null if not. */
export async function change<T>(
  method: Method,
  route: string,
  body: Body,
  { revision, part }: Changed,
): Promise<T | null> {
  try {
    return await send<T>(method, route, revision === undefined ? body : { ...body, revision });
  } catch (problem) {
    if (!(problem instanceof Problem && problem.isStale)) throw problem;
    const current = (problem.current ?? {}) as Body & Revised;
    const isSure = await ask({
      title: "Changed by somebody else meanwhile",
      text: <Stale problem={problem} mine={body} theirs={partOf(current, part)} />,
      confirm: "Save mine all the same",
      isDangerous: true,
    });
    return isSure === null
      ? null
      : change<T>(method, route, body, part === undefined ? current : { ...current, part });
  }
}

function partOf(thing: Body, part: string | undefined): Body {
  return part === undefined ? thing : ((thing[part] ?? {}) as Body);
}

function Stale({ problem, mine, theirs }: { problem: Problem; mine: Body; theirs: Body }) {
  return (
    <>
      <p>
        {problem.changedBy ?? "Somebody"} changed it <Time at={problem.changedAt} none="just now" />
        . Nothing of yours is saved yet.
      </p>
      <DifferenceTable all={differences(theirs, mine)} before="Now" after="Yours" />
    </>
  );
}
