// Every screen: one line each. The order of those in the navigation is the order here.

import type { ComponentType } from "preact";
import type { ScreenProps } from "../frame/app.tsx";
import { Alert } from "./alert.tsx";
import { Alerts } from "./alerts.tsx";
import { Client } from "./client.tsx";
import { Clients } from "./clients.tsx";
import { Contact } from "./contact.tsx";
import { Contacts } from "./contacts.tsx";
import { Deliveries } from "./deliveries.tsx";
import { Delivery } from "./delivery.tsx";
import { Digests } from "./digests.tsx";
import { Enrolment } from "./enrolment.tsx";
import { Group } from "./group.tsx";
import { Groups } from "./groups.tsx";
import { Job } from "./job.tsx";
import { Jobs } from "./jobs.tsx";
import { Maintenance } from "./maintenance.tsx";
import { Overview } from "./overview.tsx";
import { Policies } from "./policies.tsx";
import { ClientPolicy, VaultPolicy } from "./policy_form.tsx";
import { Run } from "./run.tsx";
import { Runs } from "./runs.tsx";
import { System } from "./system.tsx";
import { Vault } from "./vault.tsx";
import { Vaults } from "./vaults.tsx";

export interface Route {
  pattern: string;
  title: string;
  screen: ComponentType<ScreenProps>;
  isInNav?: boolean;
}

export const ROUTES: readonly Route[] = [
  { pattern: "/", title: "Overview", screen: Overview, isInNav: true },
  { pattern: "/alerts", title: "Alerts", screen: Alerts, isInNav: true },
  { pattern: "/alerts/:id", title: "Alert", screen: Alert },
  { pattern: "/clients", title: "Clients", screen: Clients, isInNav: true },
  { pattern: "/clients/:name", title: "Client", screen: Client },
  { pattern: "/clients/:name/policy", title: "Alert policy of", screen: ClientPolicy },
  { pattern: "/clients/:client/jobs/:job", title: "Job", screen: Job },
  { pattern: "/jobs", title: "Jobs", screen: Jobs, isInNav: true },
  { pattern: "/runs", title: "Runs", screen: Runs, isInNav: true },
  { pattern: "/runs/:id", title: "Run", screen: Run },
  { pattern: "/vaults", title: "Vaults", screen: Vaults, isInNav: true },
  { pattern: "/vaults/:name", title: "Vault", screen: Vault },
  { pattern: "/vaults/:name/policy", title: "Alert policy of", screen: VaultPolicy },
  { pattern: "/contacts", title: "Contacts", screen: Contacts, isInNav: true },
  { pattern: "/contacts/:name", title: "Contact", screen: Contact },
  { pattern: "/groups", title: "Groups", screen: Groups, isInNav: true },
  { pattern: "/groups/:name", title: "Group", screen: Group },
  { pattern: "/policies", title: "Policies", screen: Policies, isInNav: true },
  { pattern: "/deliveries", title: "Deliveries", screen: Deliveries, isInNav: true },
  { pattern: "/deliveries/:id", title: "Delivery", screen: Delivery },
  { pattern: "/digests", title: "Digests to come", screen: Digests },
  { pattern: "/enrolment", title: "Enrolment", screen: Enrolment, isInNav: true },
  { pattern: "/maintenance", title: "Maintenance", screen: Maintenance, isInNav: true },
  { pattern: "/system", title: "System", screen: System, isInNav: true },
];
