// Who would be told under a policy that is not saved yet, as it is written.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../api/problem.ts";
import { send } from "../api/request.ts";
import type { ClientExplanation } from "../api/things.ts";
import { Panel, ProblemNote, Waiting } from "../parts/notes.tsx";
import { Tellings } from "./explain.tsx";

/** As long as somebody types, nothing is asked. */
const PAUSE = 300;

interface Preview {
  found?: ClientExplanation;
  problem?: Problem;
}

function usePreview(body: Record<string, unknown>): Preview {
  const [preview, setPreview] = useState<Preview>({});
  const text = JSON.stringify(body);
  useEffect(() => {
    let isWanted = true;
    const ask = async () => {
      const answer = await send<ClientExplanation>("POST", "/explain/policy", body).then(
        (found): Preview => ({ found }),
        (failure: unknown): Preview => {
          if (failure instanceof Problem) return { problem: failure };
          throw failure;
        },
      );
      if (isWanted) setPreview(answer);
    };
    const timer = setTimeout(() => void ask(), PAUSE);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text]);
  return preview;
}

interface PolicyPreviewProps {
  of: "vault" | "client";
  name: string;
  body: Record<string, unknown>;
}

export function PolicyPreview({ of, name, body }: PolicyPreviewProps) {
  const { found, problem } = usePreview({ ...body, [of]: name });
  const failed = found?.kinds.find(({ kind }) => kind === "backup_failed");
  return (
    <Panel title="Who would be told">
      {!found && !problem && <Waiting />}
      {problem && <ProblemNote problem={problem} />}
      {failed && (
        <p role="status">
          Of a failed backup {of === "client" ? `on ${name}` : `in ${name}`}:{" "}
          <strong>{failed.reason_sentence}</strong>
        </p>
      )}
      {found && <Tellings kinds={found.kinds} />}
    </Panel>
  );
}
