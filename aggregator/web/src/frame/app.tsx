// The frame around every screen.

import { Component, type ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { isAway, isSessionKnown, session } from "../api/session.ts";
import { Questions } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { Menus } from "../parts/menu.tsx";
import { Empty } from "../parts/notes.tsx";
import { Toasts } from "../parts/toasts.tsx";
import { Login } from "../screens/login.tsx";
import { ROUTES } from "../screens/routes.tsx";
import { Wall } from "../screens/wall.tsx";
import { Banners } from "./banners.tsx";
import { Header } from "./header.tsx";
import { KeyList } from "./keys.tsx";
import { Nav } from "./nav.tsx";
import { StatusReader } from "./overview.tsx";
import { match, type Params, place } from "./router.ts";

export interface ScreenProps {
  params: Params;
}

export function App() {
  if (!isSessionKnown.value) return isAway.value ? <Away /> : null;
  if (!session.value || place.value.path === "/login") return <Login />;
  if (place.value.path === "/wall") {
    return (
      <>
        <StatusReader />
        <Wall />
      </>
    );
  }
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <StatusReader />
      <Header />
      <Nav />
      <main id="main" tabIndex={-1}>
        <Banners />
        <Screen />
      </main>
      <Questions />
      <Menus />
      <KeyList />
      <Toasts />
    </>
  );
}

function Away() {
  return (
    <main class="alone">
      <Empty title="The aggregator does not answer">
        <p>This page tries again by itself.</p>
      </Empty>
    </main>
  );
}

/** What a screen cannot show takes that screen away, and nothing around it. */
class Guard extends Component<{ children: ComponentChildren }, { failure: unknown }> {
  override state = { failure: null };

  static override getDerivedStateFromError(failure: unknown) {
    return { failure };
  }

  override render() {
    if (this.state.failure === null) return this.props.children;
    return (
      <Head
        title="This page cannot be shown"
        sentence={`The aggregator's answer is not understood: ${String(this.state.failure)}`}
      />
    );
  }
}

function Screen() {
  const { path } = place.value;
  for (const { pattern, title, screen: Found } of ROUTES) {
    const params = match(pattern, path);
    if (!params) continue;
    const name = Object.values(params).at(-1);
    return (
      <Titled key={path} title={name ? `${title} ${name}` : title}>
        <Found params={params} />
      </Titled>
    );
  }
  return <Head title="There is no such page" sentence={<a href="/">Overview</a>} />;
}

function Titled({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Vaultbell`;
  }, [title]);
  return <Guard>{children}</Guard>;
}
