// Every screen: one line each. The order of those in the navigation is the order here.

import type { ComponentType } from "preact";
import type { ScreenProps } from "../frame/app.tsx";
import { Overview } from "./overview.tsx";

export interface Route {
  pattern: string;
  title: string;
  screen: ComponentType<ScreenProps>;
  isInNav?: boolean;
}

export const ROUTES: readonly Route[] = [
  { pattern: "/", title: "Overview", screen: Overview, isInNav: true },
];
