// S2: is anything wrong?

import type { Nights as NightsFound, Page, Vault } from "../api/things.ts";
import { path } from "../api/request.ts";
import { status } from "../frame/overview.tsx";
import { useReading } from "../live/reading.ts";
import { Head } from "../parts/head.tsx";
import { Nights } from "../parts/nights.tsx";
import { Empty, Lines, ProblemNote } from "../parts/notes.tsx";
import { count } from "../words/amounts.ts";
import { clientsText } from "../words/sentences.ts";
import { modeText } from "../words/states.ts";
import { AlertList } from "./alert_list.tsx";

export function Overview() {
  const overview = status.value;
  return (
    <>
      <Head
        title={overview?.headline ?? "Overview"}
        sentence={
          overview &&
          `${overview.account}: ${count(overview.vaults, "vault")}, ${count(overview.jobs, "job")}`
        }
      />
      {overview && overview.vaults > 0 && (
        <section class="panel">
          <header>
            <h2>Active alerts</h2>
            <a href="/alerts">All alerts</a>
          </header>
          <AlertList
            fixed={{}}
            shownMax={10}
            empty={<p class="quiet">None: nothing is wrong that Vaultbell knows of.</p>}
          />
        </section>
      )}
      <Vaults />
      {overview && <Outbox />}
    </>
  );
}

function Vaults() {
  const { found, problem, reread } = useReading<Page<Vault>>("/vaults", ["vault", "client"]);
  const nights = useReading<NightsFound>("/nights", ["run"]).found;
  if (problem) return <ProblemNote problem={problem} retry={reread} />;
  if (!found) return null;
  if (found.items.length === 0) return <First />;
  return (
    <>
      <h2 class="section">Vaults</h2>
      <div class="vaults">
        {found.items.map((vault) => (
          <VaultCard key={vault.id} vault={vault} nights={nights} />
        ))}
      </div>
    </>
  );
}

function VaultCard({ vault, nights }: { vault: Vault; nights: NightsFound | undefined }) {
  const address = path("vaults", vault.name);
  return (
    <section class="panel">
      <header>
        <h3>
          <a href={address}>{vault.name}</a>
        </h3>
        <a class="button" href={address} aria-label={`Settings of ${vault.name}`}>
          Settings
        </a>
      </header>
      <p>
        {clientsText(vault.clients)}
        <span class="second">Policy: {modeText(vault.policy)}</span>
      </p>
      <Nights vault={vault.name} found={nights} />
    </section>
  );
}

function Outbox() {
  const overview = status.value!;
  const { pending, sending, given_up_24h: givenUp } = overview.outbox;
  return (
    <section class="panel">
      <header>
        <h2>Messages</h2>
        <a href="/deliveries">All deliveries</a>
      </header>
      <p>
        {pending + sending === 0
          ? "Nothing waits to be sent"
          : `${pending + sending} wait to be sent`}
        {givenUp > 0 ? (
          <span class="bad">, {givenUp} given up in the last 24 h.</span>
        ) : (
          ", and nothing was given up in the last 24 h."
        )}
        {overview.owners.length === 0 && (
          <span class="bad"> Nobody gets the default notification: [account] owners is empty.</span>
        )}
      </p>
    </section>
  );
}

function First() {
  return (
    <Empty title="Let the first host in">
      <p>A vault holds the hosts that share a policy. On the aggregator's host:</p>
      <Lines
        label="Commands for the first host"
        text={"vaultbell vault create prod\nvaultbell enrol token create --vault prod"}
      />
      <p>
        Or do it <a href="/enrolment">here</a>.
      </p>
    </Empty>
  );
}
