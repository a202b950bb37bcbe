// How a screen begins: its heading, a sentence, and what can be done.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { hasArrived, passFocusOn } from "../frame/router.ts";

interface HeadProps {
  title: ComponentChildren;
  sentence?: ComponentChildren;
  children?: ComponentChildren;
}

/** Whoever hears the page is taken to the heading of a screen that was gone to. */
export function Head({ title, sentence, children }: HeadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (hasArrived()) heading.current?.focus({ preventScroll: true });
  });
  useLayoutEffect(
    () => () => {
      if (document.activeElement === heading.current) passFocusOn();
    },
    [],
  );
  return (
    <div class="head">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {sentence && <div class="sentence">{sentence}</div>}
      </div>
      {children && <div class="buttons">{children}</div>}
    </div>
  );
}
