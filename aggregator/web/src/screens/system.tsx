// S20: is the watcher well?

import { mayAdminister } from "../api/session.ts";
import { place } from "../frame/router.ts";
import { Head } from "../parts/head.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { AccessList } from "./system_access.tsx";
import { Audit } from "./system_audit.tsx";
import { Config } from "./system_config.tsx";
import { Health } from "./system_health.tsx";

const TABS = [
  { value: "", word: "Health" },
  { value: "config", word: "Declared objects" },
  { value: "audit", word: "Audit log" },
];

const ACCESS = { value: "access", word: "Access" };

function Open() {
  switch (place.value.query["tab"]) {
    case "config":
      return <Config />;
    case "audit":
      return <Audit />;
    case "access":
      return <AccessList />;
    default:
      return <Health />;
  }
}

export function System() {
  return (
    <>
      <Head title="System">
        <a class="button" href="/wall">
          Board for a wall
        </a>
      </Head>
      <Tabs label="Parts of the page" tabs={mayAdminister.value ? [...TABS, ACCESS] : TABS} />
      <Open />
    </>
  );
}
