/** Puts a text on the clipboard. */

/** False where neither the browser's clipboard nor the old way takes it. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedTheOldWay(text);
  }
}

/** Pages without HTTPS have no other. */
function copiedTheOldWay(text: string): boolean {
  const give = (event: ClipboardEvent): void => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", give, { once: true, capture: true });
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    return document.execCommand("copy");
  } finally {
    document.removeEventListener("copy", give, { capture: true });
  }
}
