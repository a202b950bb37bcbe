// The policy of a vault or a client as it is, with the way to change it.

import { path } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { Policy } from "../api/things.ts";
import { Panel } from "../parts/notes.tsx";
import { policyParts, whomText } from "../words/policies.ts";
import { modeText } from "../words/states.ts";

interface PolicyPanelProps {
  of: "vault" | "client";
  name: string;
  policy: Policy;
  /** The mode that counts, where the policy is inherited. */
  inForce: string;
}

export function PolicyPanel({ of, name, policy, inForce }: PolicyPanelProps) {
  const parts = policyParts(policy);
  const isInherited = policy.mode === "same_as_vault";
  return (
    <Panel
      title="Alert policy"
      aside={
        mayAdminister.value && (
          <a class="button" href={`${path(`${of}s`, name)}/policy`}>
            Change
          </a>
        )
      }
    >
      <p>
        <strong>{modeText(policy.mode)}</strong>
        {isInherited ? ` (${modeText(inForce)})` : `: ${whomText(policy)}`}
        {parts.length > 0 && `; ${parts.join("; ")}`}.
      </p>
      <p class="quiet">Deleted backup data is always told to the owners, whatever a policy says.</p>
    </Panel>
  );
}
