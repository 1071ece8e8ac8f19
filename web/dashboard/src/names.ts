/** A name, or what stands in for one that is missing or empty. Pure. */
export function named(name: string | null | undefined, otherwise: string): string {
  return name === null || name === undefined || name === "" ? otherwise : name;
}
