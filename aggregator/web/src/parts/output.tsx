// The end of what a tool printed.

import { toast } from "./toasts.tsx";

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast("Copied");
}

export function Output({ text, none }: { text: string | null | undefined; none: string }) {
  if (!text) return <p class="quiet">{none}</p>;
  return (
    <>
      <pre class="output" tabIndex={0} aria-label="Output">
        {text}
      </pre>
      {navigator.clipboard && (
        <button type="button" class="small copy" onClick={() => void copy(text)}>
          Copy
        </button>
      )}
    </>
  );
}
