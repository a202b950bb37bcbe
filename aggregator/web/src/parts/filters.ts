// Filters of a list, held by the address. Pure.

export interface Choice {
  value: string;
  word: string;
}

export type Filter =
  | { kind: "choice"; name: string; label: string; choices: readonly Choice[]; all?: string }
  | { kind: "text"; name: string; label: string }
  | { kind: "flag"; name: string; label: string; value?: string };

/** The parameters for the API: those filters that are set, and nothing else that an address may hold. */
export function queryOf(
  filters: readonly Filter[],
  query: Record<string, string>,
): Record<string, string> {
  const names = [...filters.map((filter) => filter.name), "cursor"];
  const set = names.filter((name) => query[name]);
  return Object.fromEntries(set.map((name) => [name, query[name]!]));
}

export function isFiltered(filters: readonly Filter[], query: Record<string, string>): boolean {
  return filters.some((filter) => query[filter.name]);
}

/** The changes of the address that take every filter away. */
export function withoutFilters(filters: readonly Filter[]): Record<string, string> {
  return Object.fromEntries(filters.map((filter) => [filter.name, ""]));
}
