// How a screen begins: its heading, a sentence, and what can be done.

import type { ComponentChildren } from "preact";

interface HeadProps {
  title: ComponentChildren;
  sentence?: ComponentChildren;
  children?: ComponentChildren;
}

export function Head({ title, sentence, children }: HeadProps) {
  return (
    <div class="head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {sentence && <div class="sentence">{sentence}</div>}
      </div>
      {children && <div class="buttons">{children}</div>}
    </div>
  );
}
