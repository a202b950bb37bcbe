// Adding a host: a token, the lines to paste on it, and what becomes of it, by itself.

import { useState } from "preact/hooks";
import { newIdempotencyKey, path, send } from "../api/request.ts";
import type { Created, EnrolmentRequest, Token } from "../api/running.ts";
import type { Client, Page } from "../api/things.ts";
import { useReading } from "../live/reading.ts";
import { type Answer, ask } from "../parts/dialog.tsx";
import type { Choice } from "../parts/filters.ts";
import { Empty, Lines, Panel } from "../parts/notes.tsx";
import { StatusOf } from "../parts/status.tsx";
import { complain } from "../parts/toasts.tsx";
import { useVaultChoices } from "./choices.ts";

interface Made {
  id: number;
  text: string;
}

function bodyOfToken({ vault, client, approval, uses, ...rest }: Answer) {
  const whose = client === undefined ? { vault } : { client };
  return { ...rest, ...whose, uses: Number(uses), needs_approval: approval === "needed" };
}

async function makeToken(vaults: readonly Choice[]): Promise<Made | null> {
  let created: Created | undefined;
  const idempotencyKey = newIdempotencyKey();
  const answer = await ask({
    title: "Add a host",
    text: "A join token lets it in. Whoever has the token can use it: keep it as you keep a password.",
    fields: [
      { name: "vault", label: "Into the vault", choices: vaults },
      {
        name: "client",
        label: "Or for a client that has lost its key",
        hint: "its name: the host gets a new key, and stays the client that it was",
      },
      {
        name: "approval",
        label: "When it asks",
        choices: [
          { value: "", word: "it is let in by itself" },
          { value: "needed", word: "somebody compares its fingerprint first" },
        ],
      },
      { name: "uses", label: "For how many hosts", value: "1", isRequired: true },
      { name: "expires_in", label: "Good for", value: "1h", hint: "such as 30m, 1h, 7d" },
    ],
    confirm: "Make the token",
    act: async (filled) => {
      const body = bodyOfToken(filled);
      created = await send<Created>("POST", "/enrolment/tokens", body, { idempotencyKey });
    },
  });
  const made = created?.changes.find(({ what }) => what === "token");
  if (!answer || !created || !made) return null;
  return { id: made.id, text: created.token };
}

export function Invitation() {
  const vaults = useVaultChoices();
  const [made, setMade] = useState<Made | null>(null);
  const begin = async () => setMade((await makeToken(vaults)) ?? made);
  if (vaults.length === 0) {
    return (
      <Empty title="A host needs a vault first">
        <p>
          Make one under <a href="/vaults">Vaults</a>; then hosts are added here.
        </p>
      </Empty>
    );
  }
  return (
    <Panel
      title="Add a host"
      aside={
        <button type="button" class="main" onClick={() => void begin().catch(complain)}>
          {made ? "Add another host" : "Add a host"}
        </button>
      }
    >
      {made ? (
        <Waiting key={made.id} made={made} />
      ) : (
        <p class="quiet">
          Makes a join token, and says what to paste on the host where vaultbell-agent is installed.
        </p>
      )}
    </Panel>
  );
}

/** The token's text is shown here, and nowhere else, ever. */
function Waiting({ made }: { made: Made }) {
  const lines = `echo '${made.text}' | sudo vaultbell-agent enrol\nsudo systemctl enable --now vaultbell-agent`;
  return (
    <>
      <p>
        On the host, as somebody who may use sudo. The token is shown this once; its lines stand
        here until you leave the page.
      </p>
      <Lines label="Lines to paste on the host" text={lines} />
      <p role="status">
        <Arrival made={made} />
      </p>
    </>
  );
}

function Arrival({ made }: { made: Made }) {
  const tokens = useReading<Page<Token>>("/enrolment/tokens", ["token", "client", "enrolment"]);
  const requests = useReading<Page<EnrolmentRequest>>("/enrolment/requests", ["enrolment"]);
  const token = tokens.found?.items.find(({ id }) => id === made.id);
  const asking = requests.found?.items.find((one) => one.token === made.id);
  if (token?.last_client) return <Arrived name={token.last_client} />;
  if (asking) {
    return (
      <>
        <StatusOf state={asking.state} word={`${asking.name} has asked`} />: compare its fingerprint{" "}
        <span class="mono">{asking.fingerprint}</span> with the one that its agent prints, and
        approve it below.
      </>
    );
  }
  if (token && token.state !== "usable") return <>{token.state_sentence}</>;
  return <StatusOf state="waiting" word="no host has used the token yet" />;
}

function Arrived({ name }: { name: string }) {
  const { found } = useReading<Client>(path("clients", name), ["client"]);
  return (
    <>
      <a href={path("clients", name)}>{name}</a> is let in:{" "}
      {found ? <StatusOf state={found.state} /> : "…"}
      {found?.state === "invited" && " (its agent is not connected yet)"}
    </>
  );
}
