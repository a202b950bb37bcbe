// Doing something from a form on a page: it waits meanwhile, and what is refused is said there.

import { useState } from "preact/hooks";
import { Problem } from "../api/problem.ts";

interface Acting {
  act: (doing: () => Promise<unknown>) => Promise<void>;
  problem: Problem | null;
  isActing: boolean;
}

export function useAct(): Acting {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isActing, setActing] = useState(false);
  const act = async (doing: () => Promise<unknown>) => {
    setActing(true);
    setProblem(null);
    try {
      await doing();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setProblem(failure);
    } finally {
      setActing(false);
    }
  };
  return { act, problem, isActing };
}
