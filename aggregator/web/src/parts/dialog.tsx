// Dialogs: a <dialog> that gives the focus back to where it was, and questions that are asked in one.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Problem } from "../api/problem.ts";
import { Field, type FieldProps } from "./field.tsx";
import { ProblemNote } from "./notes.tsx";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={heading} onClose={onClose}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button
          type="button"
          class="bare"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          ✕
        </button>
      </header>
      {children}
    </dialog>
  );
}

export interface Question {
  title: string;
  text?: ComponentChildren;
  fields?: readonly FieldProps[];
  confirm: string;
  isDangerous?: boolean;
  /** There is nothing to call off: it only says something. */
  isTold?: boolean;
  /** Does it, while the question is still open: what is refused can be put right. Gives null where it was
   *  called off after all. */
  act?: (answer: Answer) => Promise<unknown>;
}

/** What was filled in, by the fields' names; what was left empty is not there. */
export type Answer = Record<string, string>;

interface OpenQuestion {
  question: Question;
  answer: (answer: Answer | null) => void;
}

/** A question can lead to another one, which is on top then. */
const open = signal<readonly OpenQuestion[]>([]);

/** Asks, and acts if the question says how; answers null if it was called off. */
export function ask(question: Question): Promise<Answer | null> {
  return new Promise((resolve) => {
    const asked: OpenQuestion = {
      question,
      answer: (answer) => {
        open.value = open.value.filter((other) => other !== asked);
        resolve(answer);
      },
    };
    open.value = [...open.value, asked];
  });
}

export function Questions() {
  return (
    <>
      {open.value.map(({ question, answer }, i) => (
        <Dialog key={`${i} ${question.title}`} title={question.title} onClose={() => answer(null)}>
          <QuestionForm question={question} answer={answer} />
        </Dialog>
      ))}
    </>
  );
}

function readAnswer(form: HTMLFormElement): Answer {
  const texts = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
  return Object.fromEntries(texts.filter(([, text]) => text !== ""));
}

function QuestionForm({ question, answer }: OpenQuestion) {
  const { text, fields = [], confirm, isDangerous, isTold, act } = question;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isActing, setActing] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const filled = readAnswer(event.currentTarget as HTMLFormElement);
    setActing(true);
    setProblem(null);
    try {
      if (!act || (await act(filled)) !== null) answer(filled);
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      setProblem(failure);
    } finally {
      setActing(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      {typeof text === "string" ? <p>{text}</p> : text}
      {fields.map((field, i) => (
        <Field key={field.name} {...field} isFirst={i === 0} />
      ))}
      {problem && <ProblemNote problem={problem} />}
      <footer>
        {!isTold && (
          <button type="button" onClick={() => answer(null)}>
            Cancel
          </button>
        )}
        <button
          type="submit"
          class={isDangerous ? "danger" : "main"}
          disabled={isActing}
          autoFocus={fields.length === 0}
        >
          {confirm}
        </button>
      </footer>
    </form>
  );
}
