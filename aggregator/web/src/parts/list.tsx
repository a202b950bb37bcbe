// Every list: read page by page with the filters of the address, kept up to date without moving what
// somebody points at, with actions for one row or several, and by keyboard.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Page } from "../api/things.ts";
import { useKeys } from "../frame/keys.tsx";
import { place } from "../frame/router.ts";
import type { What } from "../live/changes.ts";
import { useReading } from "../live/reading.ts";
import { count } from "../words/amounts.ts";
import { FilterBar } from "./filter_bar.tsx";
import { type Filter, isFiltered, queryOf } from "./filters.ts";
import { Table } from "./list_table.tsx";
import { Empty, ProblemNote, Waiting } from "./notes.tsx";
import { Pager } from "./pager.tsx";
import { merged, replaced, type Reader, type Shown } from "./rows.ts";
import { complain } from "./toasts.tsx";

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ComponentChildren;
  /** "lead" is the first line of a card on a narrow screen, "fact" the second; the others are left out. */
  onPhone?: "lead" | "fact";
  isNumber?: boolean;
}

export interface Action<Row> {
  word: string;
  run: (rows: readonly Row[]) => Promise<unknown> | void;
  isFor?: (row: Row) => boolean;
  /** Offered for several rows at once too. */
  isForMany?: boolean;
  isDangerous?: boolean;
  /** The key that does it to the row in focus, or to those selected. */
  key?: string;
}

export interface ListProps<Row> extends Reader<Row> {
  /** What the rows are called: "client", "alert". */
  noun: string;
  /** Several of them, where that is not the noun with an "s". */
  nouns?: string;
  route: string;
  about: readonly What[];
  filters?: readonly Filter[];
  /** Parameters that the address does not hold. */
  fixed?: Record<string, string>;
  columns: readonly Column<Row>[];
  addressOf?: (row: Row) => string | undefined;
  /** What the row is called, for those who hear its controls; its key, unless it says otherwise. */
  nameOf?: (row: Row) => string;
  actions?: readonly Action<Row>[];
  headingOf?: ((row: Row) => string) | undefined;
  empty: ComponentChildren;
  /** Only the first so many, without further pages: for a list that is a part of a page. */
  shownMax?: number;
  /** Another order than the aggregator's, within a page. */
  arranged?: (rows: readonly Row[]) => readonly Row[];
}

const PAGE = 100;
const NOTHING: Shown<never> = { rows: [], changed: new Set(), gone: new Set(), waiting: 0 };

/** Somebody points at it, works in it, or has selected something. */
function isLookedAt(box: HTMLElement | null, selected: ReadonlySet<string>): boolean {
  return selected.size > 0 || !!box?.querySelector("tbody:hover, tbody :focus");
}

export function List<Row>(props: ListProps<Row>) {
  const {
    noun,
    nouns = `${noun}s`,
    route,
    about,
    filters = [],
    fixed = {},
    empty,
    actions = [],
    shownMax,
  } = props;
  const query = { ...fixed, ...queryOf(filters, place.value.query), limit: PAGE };
  const reading = useReading<Page<Row>>(route, about, query);
  const box = useRef<HTMLDivElement>(null);
  const address = JSON.stringify([route, query]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const items = useArranged(reading.found?.items, props);
  const { shown, showAll } = useShown(items, address, props, () =>
    isLookedAt(box.current, selected),
  );
  const keepFocus = useFocusKept(box, shown);
  const act = (action: Action<Row>, rows: readonly Row[]) => {
    void Promise.resolve(action.run(rows))
      .then(() => {
        setSelected(new Set());
        keepFocus();
        showAll();
        reading.reread();
      })
      .catch(complain);
  };
  useEffect(() => setSelected(new Set()), [address]);
  useListKeys({ box, props, shown, selected, setSelected, act });
  const isEmpty = shown.rows.length === 0 && reading.found !== undefined;
  return (
    <div ref={box} class="list" aria-busy={reading.isReading}>
      <FilterBar filters={filters} />
      {reading.problem && <ProblemNote problem={reading.problem} retry={reading.reread} />}
      {shown.waiting + shown.gone.size > 0 && (
        <News noun={noun} nouns={nouns} shown={shown} show={showAll} />
      )}
      {!reading.found && !reading.problem && shown.rows.length === 0 && <Waiting />}
      {isEmpty &&
        !reading.found?.next &&
        (isFiltered(filters, place.value.query) ? (
          <Empty title={`No ${noun} fits these filters`} />
        ) : (
          empty
        ))}
      {shown.rows.length > 0 && (
        <Table
          {...props}
          actions={actions}
          shown={shown}
          selected={selected}
          setSelected={setSelected}
          act={act}
        />
      )}
      {shownMax === undefined && (
        <Pager
          next={reading.found?.next ?? null}
          number={shown.rows.length}
          noun={noun}
          nouns={nouns}
        />
      )}
    </div>
  );
}

interface NewsProps<Row> {
  noun: string;
  nouns: string;
  shown: Shown<Row>;
  show: () => void;
}

function News<Row>({ noun, nouns, shown, show }: NewsProps<Row>) {
  const parts = [
    shown.waiting > 0 && `${shown.waiting} new ${shown.waiting === 1 ? noun : nouns}`,
    shown.gone.size > 0 && `${count(shown.gone.size, noun, nouns)} no longer here`,
  ];
  return (
    <button type="button" class="news" onClick={show}>
      {parts.filter(Boolean).join(", ")} · show
    </button>
  );
}

/** The rows to show: a newer answer at once, or merged while somebody looks; another list at once. */
function useShown<Row>(
  items: readonly Row[] | undefined,
  address: string,
  reader: Reader<Row>,
  isHeld: () => boolean,
): { shown: Shown<Row>; showAll: () => void } {
  const [state, setState] = useState<{ address: string; shown: Shown<Row> }>({
    address: "",
    shown: NOTHING,
  });
  const isOther = state.address !== address;
  const mustShow = useRef(false);
  useLayoutEffect(() => {
    if (!items) return;
    const before = isOther ? [] : state.shown.rows;
    const isAtOnce = isOther || mustShow.current || !isHeld();
    mustShow.current = false;
    setState({ address, shown: (isAtOnce ? replaced : merged)(before, items, reader) });
  }, [items, address]);
  const showAll = () => {
    mustShow.current = true; // also of the answer that is on its way
    if (items) setState({ address, shown: replaced(state.shown.rows, items, reader) });
  };
  return { shown: state.shown, showAll }; // of the last filters, until the answer is there
}

/** The rows in their order, as many as are wanted. */
function useArranged<Row>(
  items: readonly Row[] | undefined,
  props: ListProps<Row>,
): readonly Row[] | undefined {
  const { arranged = (rows) => rows, shownMax } = props;
  return useMemo(() => items && arranged(items).slice(0, shownMax), [items, shownMax]);
}

function rowAnchors(box: HTMLElement | null): HTMLElement[] {
  return [...(box?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
}

/** An action can take away the row that has the focus: the one in its place gets it then. */
function useFocusKept<Row>(box: { current: HTMLElement | null }, shown: Shown<Row>): () => void {
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null || document.activeElement !== document.body) return;
    const anchors = rowAnchors(box.current);
    anchors[Math.min(wanted.current, anchors.length - 1)]?.focus();
    wanted.current = null;
  }, [shown]);
  return () => {
    const at = rowAnchors(box.current).findIndex((anchor) =>
      anchor.closest("tr")?.contains(document.activeElement),
    );
    wanted.current = at < 0 ? null : at;
  };
}

interface ListKeys<Row> {
  box: { current: HTMLElement | null };
  props: ListProps<Row>;
  shown: Shown<Row>;
  selected: ReadonlySet<string>;
  setSelected: (keys: ReadonlySet<string>) => void;
  act: (action: Action<Row>, rows: readonly Row[]) => void;
}

function useListKeys<Row>({ box, props, shown, selected, setSelected, act }: ListKeys<Row>): void {
  const anchors = () => rowAnchors(box.current);
  const at = () =>
    anchors().findIndex((anchor) => anchor.closest("tr")?.contains(document.activeElement));
  const move = (step: number) => {
    const all = anchors();
    all[Math.max(0, Math.min(all.length - 1, at() + step))]?.focus();
  };
  const current = () => {
    const key = anchors()[at()]?.dataset["row"];
    return shown.rows.filter((row) => props.keyOf(row) === key);
  };
  const targets = () =>
    selected.size > 0 ? shown.rows.filter((row) => selected.has(props.keyOf(row))) : current();
  const { actions = [] } = props;
  const isSelecting = actions.some((action) => action.isForMany);
  useKeys([
    { key: "j", word: "next row", run: () => move(1) },
    { key: "k", word: "row before", run: () => move(-1) },
    ...(isSelecting
      ? [
          {
            key: "x",
            word: "select the row",
            run: () => setSelected(toggled(selected, current().map(props.keyOf))),
          },
        ]
      : []),
    ...actions
      .filter((action) => action.key)
      .map((action) => ({
        key: action.key!,
        word: action.word,
        run: () => {
          const rows = targets().filter((row) => action.isFor?.(row) ?? true);
          if (rows.length > 0) act(action, rows);
        },
      })),
  ]);
}

export function toggled(
  selected: ReadonlySet<string>,
  keys: readonly string[],
): ReadonlySet<string> {
  const result = new Set(selected);
  for (const key of keys) {
    if (!result.delete(key)) result.add(key);
  }
  return result;
}
