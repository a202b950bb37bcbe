// The pages of a list: the next by its cursor, the first, and the browser's Back for those before.

import { addressOf, changedQuery, place } from "../frame/router.ts";
import { count } from "../words/amounts.ts";

interface PagerProps {
  next: string | null;
  number: number;
  noun: string;
  nouns: string;
}

export function Pager({ next, number, noun, nouns }: PagerProps) {
  const { path, query } = place.value;
  const cursor = query["cursor"];
  const link = (to: string) => addressOf({ path, query: changedQuery(query, { cursor: to }) });
  return (
    <nav class="pager" aria-label="Pages">
      <span class="quiet">
        {number > 0 && `${count(number, noun, nouns)}${next || cursor ? " on this page" : ""}`}
      </span>
      {cursor && <a href={link("")}>First page</a>}
      {next && <a href={link(next)}>Next page</a>}
    </nav>
  );
}
