// Starts the dashboard.

import { render } from "preact";
import { findSession, session } from "./api/session.ts";
import { App } from "./frame/app.tsx";
import { startKeys } from "./frame/keys.tsx";
import { startRouter } from "./frame/router.ts";
import { startSettings } from "./frame/settings.ts";
import { startLive } from "./live/live.ts";
import "./styles/main.css";

startRouter();
startSettings();
startKeys();
render(<App />, document.getElementById("app")!);
void findSession();

// Events are for those who are signed in.
let isListening = false;
session.subscribe((found) => {
  if (!found || isListening) return;
  isListening = true;
  startLive();
});
