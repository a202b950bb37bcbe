// Numbers of things and bytes.

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** "4.2 GiB"; "–" where it is not known. */
export function bytesText(bytes: number | null | undefined): string {
  if (bytes == null) return "–";
  let size = Math.abs(bytes);
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${bytes < 0 ? "−" : ""}${size.toFixed(digits)} ${UNITS[unit]}`;
}

/** "1 alert", "2 alerts", "no alerts". */
export function count(number: number, one: string, several = `${one}s`): string {
  if (number === 0) return `no ${several}`;
  return `${number} ${number === 1 ? one : several}`;
}
