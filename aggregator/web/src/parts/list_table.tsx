// The rows of a list as a table; on a narrow screen each is a card of two lines.

import { go } from "../frame/router.ts";
import type { Action, Column, ListProps } from "./list.tsx";
import { toggled } from "./list.tsx";
import { MenuButton, type MenuItem, openMenu } from "./menu.tsx";
import { grouped, type Shown } from "./rows.ts";

interface TableProps<Row> extends ListProps<Row> {
  actions: readonly Action<Row>[];
  shown: Shown<Row>;
  selected: ReadonlySet<string>;
  setSelected: (keys: ReadonlySet<string>) => void;
  act: (action: Action<Row>, rows: readonly Row[]) => void;
}

export function Table<Row>(props: TableProps<Row>) {
  const { shown, columns, actions, headingOf } = props;
  const hasMenu = actions.length > 0;
  const isSelecting = actions.some((action) => action.isForMany);
  const groups: [string, readonly Row[]][] = headingOf
    ? grouped(shown.rows, headingOf)
    : [["", shown.rows]];
  const width = columns.length + Number(hasMenu) + Number(isSelecting);
  return (
    <>
      <Selection {...props} />
      <table
        class={isSelecting ? "rows selecting" : "rows"}
        aria-label={props.nouns ?? `${props.noun}s`}
      >
        <thead>
          <tr>
            {isSelecting && <SelectAll {...props} />}
            {columns.map((column) => (
              <th key={column.head} scope="col" class={classOf(column)}>
                {column.head}
              </th>
            ))}
            {hasMenu && (
              <th scope="col" class="tools">
                <span class="unseen">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        {groups.map(([heading, rows]) => (
          <tbody key={heading}>
            {heading !== "" && (
              <tr class="heading">
                <th scope="rowgroup" colSpan={width}>
                  {heading} <span class="quiet">{rows.length}</span>
                </th>
              </tr>
            )}
            {rows.map((row) => (
              <TableRow key={props.keyOf(row)} row={row} {...props} />
            ))}
          </tbody>
        ))}
      </table>
    </>
  );
}

function classOf<Row>({ onPhone, isNumber }: Column<Row>): string {
  return [onPhone ?? "wide", isNumber && "number"].filter(Boolean).join(" ");
}

function SelectAll<Row>({ shown, selected, setSelected, keyOf }: TableProps<Row>) {
  const isAll = shown.rows.every((row) => selected.has(keyOf(row)));
  return (
    <th scope="col" class="select">
      <input
        type="checkbox"
        aria-label="Select all rows of this page"
        checked={isAll}
        indeterminate={!isAll && selected.size > 0}
        onChange={() => setSelected(new Set(isAll ? [] : shown.rows.map(keyOf)))}
      />
    </th>
  );
}

function Selection<Row>({ shown, selected, setSelected, actions, act, keyOf }: TableProps<Row>) {
  if (selected.size === 0) return null;
  const rows = shown.rows.filter((row) => selected.has(keyOf(row)));
  return (
    <div class="selection" role="group" aria-label="Selected rows">
      <strong>{selected.size} selected</strong>
      {actions
        .filter((action) => action.isForMany)
        .map((action) => {
          const fitting = rows.filter((row) => action.isFor?.(row) ?? true);
          return (
            <button
              key={action.word}
              type="button"
              disabled={fitting.length === 0}
              onClick={() => act(action, fitting)}
            >
              {action.word}
              {fitting.length < rows.length && fitting.length > 0 && ` (${fitting.length})`}
            </button>
          );
        })}
      <button type="button" class="bare" onClick={() => setSelected(new Set())}>
        Clear
      </button>
    </div>
  );
}

function isOnControl(event: Event): boolean {
  return (event.target as Element).closest("a, button, input, label, select") !== null;
}

function TableRow<Row>(props: TableProps<Row> & { row: Row }) {
  const { row, shown, selected, setSelected, columns, actions, keyOf, addressOf } = props;
  const key = keyOf(row);
  const name = props.nameOf?.(row) ?? key;
  const address = addressOf?.(row);
  const items = (): MenuItem[] => [
    ...(address ? [{ word: "Open", run: () => go(address) }] : []),
    ...actions
      .filter((action) => action.isFor?.(row) ?? true)
      .map((action) => ({
        word: action.word,
        run: () => props.act(action, [row]),
        isDangerous: action.isDangerous ?? false,
      })),
  ];
  const onClick = (event: MouseEvent) => {
    if (address && !isOnControl(event) && getSelection()?.isCollapsed !== false) go(address);
  };
  const onContextMenu = (event: MouseEvent) => {
    const isForBrowser = event.shiftKey || getSelection()?.isCollapsed === false;
    if (isForBrowser || actions.length === 0) return;
    event.preventDefault();
    const anchor = (event.currentTarget as HTMLElement).querySelector<HTMLElement>("[data-row]");
    openMenu(items(), { x: event.clientX, y: event.clientY }, anchor);
  };
  const marks = [
    shown.changed.has(key) && "changed",
    shown.gone.has(key) && "gone",
    selected.has(key) && "selected",
  ];
  return (
    <tr class={marks.filter(Boolean).join(" ")} onClick={onClick} onContextMenu={onContextMenu}>
      {actions.some((action) => action.isForMany) && (
        <td class="select">
          <input
            type="checkbox"
            aria-label={`Select ${name}`}
            checked={selected.has(key)}
            onChange={() => setSelected(toggled(selected, [key]))}
          />
        </td>
      )}
      {columns.map((column, i) => (
        <td key={column.head} class={classOf(column)}>
          {i === 0 ? (
            <Anchor rowKey={key} address={address}>
              {column.cell(row)}
            </Anchor>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
      {actions.length > 0 && (
        <td class="tools">
          <MenuButton label={`Actions for ${name}`} items={items} />
        </td>
      )}
    </tr>
  );
}

/** What the keys j and k go to: the row's link, or its first cell. */
function Anchor({
  rowKey,
  address,
  children,
}: {
  rowKey: string;
  address: string | undefined;
  children: preact.ComponentChildren;
}) {
  if (address) {
    return (
      <a href={address} data-row={rowKey}>
        {children}
      </a>
    );
  }
  return (
    <span tabIndex={-1} data-row={rowKey}>
      {children}
    </span>
  );
}
