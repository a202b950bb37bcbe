// Where a contact or a group is named; it is not deleted before it is taken out there.

import type { Use } from "../api/people.ts";
import { path, read, send } from "../api/request.ts";
import { addressOfUse, useText } from "../words/addresses.ts";
import { ask } from "./dialog.tsx";
import { toast } from "./toasts.tsx";

export interface Uses {
  uses: readonly Use[];
}

/** A link to elsewhere closes the question that it stands in. */
function closeQuestion(event: MouseEvent): void {
  (event.currentTarget as Element).closest("dialog")?.close();
}

export function UseList({ uses }: Uses) {
  return (
    <ul>
      {uses.map((use) => (
        <li key={useText(use)}>
          <a href={addressOfUse(use)} onClick={closeQuestion}>
            {useText(use)}
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Asks, and deletes; says whether it did. */
export async function deleteUsed(what: "contact" | "group", name: string): Promise<boolean> {
  const route = path(`${what}s`, name);
  const { uses } = await read<Uses>(`${route}/uses`);
  const answer = await ask({
    title: `Delete ${name}`,
    text:
      uses.length === 0 ? (
        `The ${what} is gone for good; what was sent stays listed.`
      ) : (
        <>
          <p>It is used, and cannot be deleted before it is taken out here:</p>
          <UseList uses={uses} />
        </>
      ),
    confirm: "Delete",
    isDangerous: true,
    act: () => send("DELETE", route),
  });
  if (answer) toast(`${name} is deleted`);
  return answer !== null;
}
