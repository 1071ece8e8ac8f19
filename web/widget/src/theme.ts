/**
 * Follows dark or light: the page owner's word, the page's `body.dark`, or the visitor's system, also when it changes.
 * Gives back what looks again, for when the owner's word has changed.
 */

export function followTheme(
  signal: AbortSignal,
  configured: () => boolean | null,
  onChange: (isDark: boolean) => void,
): () => void {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  let last: boolean | null = null;
  const check = (): void => {
    const isDark = configured() ?? (document.body.classList.contains("dark") || system.matches);
    if (isDark !== last) {
      last = isDark;
      onChange(isDark);
    }
  };
  const body = new MutationObserver(check);
  body.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  signal.addEventListener("abort", () => {
    body.disconnect();
  });
  system.addEventListener("change", check, { signal });
  check();
  return check;
}
