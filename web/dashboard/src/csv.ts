/** Files that are handed to the browser to be kept. */

/** `image-chat-usage-acme-by-day-2026-01-01-2026-01-31.csv`; what no file system likes becomes a dash. Pure. */
export function csvName(tenant: string | null, by: string, from: string, to: string): string {
  return `${["image-chat-usage", safe(tenant ?? "all"), `by-${by}`, from, to].join("-")}.csv`;
}

export function dataName(tenant: string, person: string): string {
  return `image-chat-person-${safe(tenant)}-${safe(person)}.json`;
}

function safe(part: string): string {
  return part.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|[.-]+$/g, "").slice(0, 80) || "x";
}

/** Spreadsheets take a file for UTF-8 only where it begins with this mark. */
export function forSpreadsheets(csv: Blob): Blob {
  return new Blob(["\uFEFF", csv], { type: csv.type });
}

export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has to have begun with it.
  window.setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
