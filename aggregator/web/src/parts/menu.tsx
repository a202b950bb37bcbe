// A menu of actions, opened by its button, by a right click or by the menu key.

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

export interface MenuItem {
  word: string;
  run: () => void;
  isDangerous?: boolean;
}

interface OpenMenu {
  items: readonly MenuItem[];
  x: number;
  y: number;
  opener: HTMLElement | null;
}

const open = signal<OpenMenu | null>(null);

/** Opens a menu at a point of the window; the focus goes back to `opener`. */
export function openMenu(
  items: readonly MenuItem[],
  at: { x: number; y: number },
  opener: HTMLElement | null,
): void {
  if (items.length > 0) open.value = { items, ...at, opener };
}

function close(): void {
  open.value?.opener?.focus();
  open.value = null;
}

interface MenuButtonProps {
  label: string;
  items: () => readonly MenuItem[];
}

export function MenuButton({ label, items }: MenuButtonProps) {
  const onClick = (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    const { right, bottom } = button.getBoundingClientRect();
    openMenu(items(), { x: right, y: bottom }, button);
  };
  return (
    <button
      type="button"
      class="bare menu-button"
      aria-haspopup="menu"
      aria-label={label}
      onClick={onClick}
    >
      ⋮
    </button>
  );
}

/** Keeps a box of that size inside the window. */
export function placedInside(at: number, size: number, room: number): number {
  return Math.max(4, Math.min(at, room - size - 4));
}

function moveFocus(menu: HTMLElement, step: number): void {
  const items = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[(at + step + items.length) % items.length]?.focus();
}

function onKey(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLElement;
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  const step = steps[event.key];
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (step) moveFocus(menu, step);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function Menus() {
  return open.value && <Menu {...open.value} />;
}

function Menu({ items, x, y }: OpenMenu) {
  const menu = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = menu.current!;
    box.style.left = `${placedInside(x, box.offsetWidth, innerWidth)}px`;
    box.style.top = `${placedInside(y, box.offsetHeight, innerHeight)}px`;
    box.querySelector<HTMLElement>("[role=menuitem]")?.focus();
  }, [x, y]);
  useEffect(() => {
    const onPress = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) open.value = null;
    };
    addEventListener("pointerdown", onPress, true);
    return () => removeEventListener("pointerdown", onPress, true);
  }, []);
  const choose = (item: MenuItem) => {
    close();
    item.run();
  };
  return (
    <div ref={menu} class="menu" role="menu" aria-label="Actions" onKeyDown={onKey}>
      {items.map((item) => (
        <button
          key={item.word}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={item.isDangerous ? "danger" : ""}
          onClick={() => choose(item)}
        >
          {item.word}
        </button>
      ))}
    </div>
  );
}
