/** Who is looking at a picture: a list that was asked for once, kept current by what the live channel says. Pure. */

export interface Face {
  readonly id: string;
  readonly displayName: string;
  readonly avatarSrc: string | null;
}

export interface PresenceSignal {
  readonly type: "p-u";
  /** Connections, on all nodes. */
  readonly sc: number;
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** Of those who joined, those with a name; a crowd's are left out. */
  readonly people: readonly Face[];
  /** More came and went than are named. */
  readonly many: boolean;
}

/** What the list says; `users` may be its first pages only. */
export interface OnlineList {
  readonly users: readonly Face[];
  /** All others: those without a name, and those of the pages that were not asked for. */
  readonly anonCount: number;
}

/** More joining at once than this come without their names: the list has to be asked for again. */
const facesAtMost = 10;
/** A list longer than this is shown by its number. */
const facesKept = 200;

export class Presence {
  #faces = new Map<string, Face>();
  #nameless = new Set<string>();
  /** Of the list, who was there without a name: their ids are not known. */
  #unknown = 0;
  #connections = 0;
  #isKnown = false;
  /** What came while the list was on its way: it may have been read before. */
  #meanwhile: PresenceSignal[] | null = null;

  /** The channel is live, with so many connections. What was known before may be old. */
  hello(connections: number): void {
    this.#connections = connections;
    this.#isKnown = false;
  }

  /** Whether the list has to be asked for: at first, and after what the channel says by numbers only. */
  get needsList(): boolean {
    return !this.#isKnown && this.#meanwhile === null;
  }

  /** The list is asked for. */
  asking(): void {
    this.#meanwhile = [];
  }

  /** The list came; null: it could not be had, and is asked for again when somebody comes or goes. */
  listed(list: OnlineList | null): void {
    const meanwhile = this.#meanwhile ?? [];
    this.#meanwhile = null;
    if (list === null) {
      return;
    }
    this.#isKnown = true;
    this.#faces = new Map(list.users.slice(0, facesKept).map((face) => [face.id, face]));
    this.#nameless = new Set();
    this.#unknown = list.anonCount;
    for (const signal of meanwhile) {
      this.#apply(signal);
    }
  }

  heard(signal: PresenceSignal): void {
    this.#connections = signal.sc;
    if (this.#meanwhile === null) {
      this.#apply(signal);
    } else {
      this.#meanwhile.push(signal);
    }
  }

  /** Those who gave a name, in its order; the visitor's own self is left out. */
  others(ownId: string | null): Face[] {
    const faces = [...this.#faces.values()].filter(({ id }) => id !== ownId);
    return faces.sort((one, other) => (one.displayName < other.displayName ? -1 : one.displayName > other.displayName ? 1 : 0));
  }

  /** How many connections there are: that is always exact, to a second. */
  get connections(): number {
    return this.#connections;
  }

  /** How many there are without a name, the visitor's own self left out where that has none. */
  anonymous(ownId: string | null): number {
    const isNamed = ownId !== null && this.#faces.has(ownId);
    return Math.max(0, this.#unknown + this.#nameless.size - (isNamed ? 0 : 1));
  }

  #apply({ joined, left, people, many }: PresenceSignal): void {
    const named = new Map(people.map((face) => [face.id, face]));
    if (many || joined.length > facesAtMost) {
      this.#isKnown = false;
    }
    for (const id of joined) {
      const face = named.get(id);
      if (face !== undefined && this.#faces.size < facesKept) {
        this.#faces.set(id, face);
      } else if (!this.#faces.has(id)) {
        this.#nameless.add(id);
      }
    }
    for (const id of left) {
      const wasKnown = this.#faces.delete(id) || this.#nameless.delete(id);
      this.#unknown -= wasKnown ? 0 : Math.min(1, this.#unknown);
    }
  }
}
