// What differs between two versions of a thing.

import type { Difference } from "./differences.ts";

interface DifferenceTableProps {
  all: readonly Difference[];
  /** What the two versions are called. */
  before: string;
  after: string;
}

export function DifferenceTable({ all, before, after }: DifferenceTableProps) {
  return (
    <table class="rows differences">
      <thead>
        <tr>
          <th scope="col">What differs</th>
          <th scope="col">{before}</th>
          <th scope="col">{after}</th>
        </tr>
      </thead>
      <tbody>
        {all.map((one) => (
          <tr key={one.name}>
            <th scope="row">{one.name}</th>
            <td>{one.before}</td>
            <td>{one.after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
