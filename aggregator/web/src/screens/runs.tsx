// S6: what happened last night.

import { urlOf } from "../api/request.ts";
import { place } from "../frame/router.ts";
import { type Filter, queryOf } from "../parts/filters.ts";
import { Head } from "../parts/head.tsx";
import { OPERATIONS, OUTCOMES, SINCE } from "./choices.ts";
import { RunList } from "./run_list.tsx";

const FILTERS: readonly Filter[] = [
  { kind: "choice", name: "outcome", label: "Outcome", choices: OUTCOMES },
  { kind: "choice", name: "operation", label: "Operation", choices: OPERATIONS },
  { kind: "text", name: "client", label: "Client" },
  SINCE,
  { kind: "flag", name: "all", label: "Frequent ones too" },
];

export function Runs() {
  const address = urlOf("/runs", { ...queryOf(FILTERS, place.value.query), limit: 500 });
  return (
    <>
      <Head title="Runs">
        <a class="button" href={address} download="runs.json">
          Save as JSON
        </a>
      </Head>
      <RunList filters={FILTERS} />
    </>
  );
}
