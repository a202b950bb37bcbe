// Dialogs: a <dialog> that gives the focus back to where it was, and questions that are asked in one.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Field, type FieldProps } from "./field.tsx";

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
}

/** What was filled in, by the fields' names; what was left empty is not there. */
export type Answer = Record<string, string>;

const open = signal<{ question: Question; answer: (answer: Answer | null) => void } | null>(null);

/** Asks; answers null if it was called off. */
export function ask(question: Question): Promise<Answer | null> {
  open.value?.answer(null);
  return new Promise((resolve) => {
    open.value = {
      question,
      answer: (answer) => {
        open.value = null;
        resolve(answer);
      },
    };
  });
}

export function Questions() {
  if (!open.value) return null;
  const { question, answer } = open.value;
  return (
    <Dialog key={question.title} title={question.title} onClose={() => answer(null)}>
      <QuestionForm question={question} answer={answer} />
    </Dialog>
  );
}

interface QuestionFormProps {
  question: Question;
  answer: (answer: Answer | null) => void;
}

function QuestionForm({ question, answer }: QuestionFormProps) {
  const { text, fields = [], confirm, isDangerous } = question;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const filled = [...new FormData(event.currentTarget as HTMLFormElement)];
    const texts = filled.map(([name, value]) => [name, String(value).trim()]);
    answer(Object.fromEntries(texts.filter(([, text]) => text !== "")));
  };
  return (
    <form onSubmit={submit}>
      {typeof text === "string" ? <p>{text}</p> : text}
      {fields.map((field, i) => (
        <Field key={field.name} {...field} isFirst={i === 0} />
      ))}
      <footer>
        <button type="button" onClick={() => answer(null)}>
          Cancel
        </button>
        <button
          type="submit"
          class={isDangerous ? "danger" : "main"}
          autoFocus={fields.length === 0}
        >
          {confirm}
        </button>
      </footer>
    </form>
  );
}
