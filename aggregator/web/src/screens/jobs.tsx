// All jobs, with what is expected of them.

import { Head } from "../parts/head.tsx";
import { JobList } from "./job_list.tsx";

export function Jobs() {
  return (
    <>
      <Head
        title="Jobs"
        sentence="What is backed up, on which client, and what is expected of it."
      />
      <JobList />
    </>
  );
}
