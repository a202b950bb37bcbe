// A page of a thing that is not there: still being read, or not to be had.

import type { Reading } from "../live/reading.ts";
import { Head } from "./head.tsx";
import { ProblemNote, Waiting } from "./notes.tsx";

export function Unread({ title, reading }: { title: string; reading: Reading<unknown> }) {
  const { problem, reread } = reading;
  return (
    <>
      <Head title={title} />
      {problem ? <ProblemNote problem={problem} retry={reread} /> : <Waiting />}
    </>
  );
}
