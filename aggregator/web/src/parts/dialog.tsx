// Dialogs: a <dialog> that gives the focus back to where it was, and questions that are asked in one.

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

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
    return () => opener instanceof HTMLElement && opener.isConnected && opener.focus();
  }, []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby={heading} onClose={onClose}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button type="button" class="bare" aria-label="Close" onClick={() => dialog.current?.close()}>
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
  /** Asks for a text too; it may be left empty unless it is required. */
  field?: { label: string; isRequired?: boolean; mustBe?: string };
  confirm: string;
  isDangerous?: boolean;
}

const open = signal<{ question: Question; answer: (text: string | null) => void } | null>(null);

/** Asks; answers with the text ("" without a field), or null if it was called off. */
export function ask(question: Question): Promise<string | null> {
  open.value?.answer(null);
  return new Promise((resolve) => {
    open.value = {
      question,
      answer: (text) => {
        open.value = null;
        resolve(text);
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

function QuestionForm({ question, answer }: { question: Question; answer: (text: string | null) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    answer(field.current?.value.trim() ?? "");
  };
  const { text, field: wanted, confirm, isDangerous } = question;
  return (
    <form onSubmit={submit}>
      {text && <p>{text}</p>}
      {wanted && (
        <label class="field">
          <span>{wanted.label}</span>
          <input
            ref={field}
            autoFocus
            required={wanted.isRequired || wanted.mustBe !== undefined}
            {...(wanted.mustBe ? { pattern: escapeRegExp(wanted.mustBe), title: `type ${wanted.mustBe}` } : {})}
          />
        </label>
      )}
      <footer>
        <button type="button" onClick={() => answer(null)}>
          Cancel
        </button>
        <button type="submit" class={isDangerous ? "danger" : "main"} autoFocus={!wanted}>
          {confirm}
        </button>
      </footer>
    </form>
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
