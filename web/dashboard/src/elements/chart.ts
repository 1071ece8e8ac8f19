/** One series as a line or as bars, drawn by uPlot, which is fetched when the first chart is shown. */
import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import type uPlot from "uplot";
import type { ChartData } from "../chart-data.ts";

export class ChartElement extends LitElement {
  static override properties = {
    data: { attribute: false },
    label: { attribute: false },
    kind: { attribute: false },
    height: { attribute: false },
    theme: { attribute: false },
    span: { attribute: false },
    isWhole: { attribute: false },
  };

  declare data: ChartData;
  /** What a screen reader is told in place of the drawing. */
  declare label: string;
  declare kind: "line" | "bars";
  declare height: number;
  /** Drawn anew when it changes: a canvas does not follow colours. */
  declare theme: string;
  /** So many seconds are shown, however many there are. */
  declare span: number | null;
  /** Half of one makes no sense: there is no line between whole numbers. */
  declare isWhole: boolean;
  amountOf: (value: number) => string = String;
  timeOf: (seconds: number) => string = String;
  /** For the point under the pointer. */
  momentOf: (seconds: number) => string = String;

  #plot: uPlot | null = null;
  #tip: HTMLElement | null = null;
  #library: typeof uPlot | null = null;
  #size: ResizeObserver | null = null;

  constructor() {
    super();
    this.kind = "line";
    this.height = 160;
    this.span = null;
    this.isWhole = false;
    this.theme = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size = new ResizeObserver(() => {
      const width = this.#width;
      if (this.#plot !== null && width > 0 && width !== this.#plot.width) {
        this.#plot.setSize({ width, height: this.height });
      }
    });
    this.#size.observe(this);
    if (this.#library === null) {
      void import("uplot").then(({ default: library }) => {
        this.#library = library;
        this.#draw();
      });
    } else {
      void this.updateComplete.then(() => {
        this.#draw();
      });
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size?.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  protected override render(): TemplateResult {
    return html`<div class="chart" role="img" dir="ltr" aria-label=${this.label}></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("theme") || changed.has("kind") || changed.has("height")) {
      this.#draw();
    } else if (this.#plot !== null) {
      this.#plot.setData(this.#aligned);
    }
  }

  get #aligned(): uPlot.AlignedData {
    return [[...this.data.x], [...this.data.y]];
  }

  get #width(): number {
    return Math.floor(this.getBoundingClientRect().width);
  }

  #draw(): void {
    const box = this.querySelector<HTMLElement>(".chart");
    if (this.#library === null || box === null || !this.isConnected) {
      return;
    }
    this.#plot?.destroy();
    this.#plot = new this.#library(this.#options(this.#library), this.#aligned, box);
    this.#tip = document.createElement("div");
    this.#tip.className = "chart-tip";
    this.#tip.hidden = true;
    this.#plot.over.append(this.#tip);
  }

  #options(library: typeof uPlot): uPlot.Options {
    const colours = getComputedStyle(this);
    const token = (name: string): string => colours.getPropertyValue(name).trim();
    const font = `12px ${colours.fontFamily}`;
    const accent = token("--accent");
    const axis = { stroke: token("--text-quiet"), font, ticks: { show: false }, grid: { stroke: token("--line"), width: 1 } };
    const bars = library.paths.bars?.({ size: [0.72, 40], radius: 0.18 });
    return {
      width: Math.max(200, this.#width),
      height: this.height,
      padding: [12, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: {
          time: true,
          ...(this.kind === "bars"
            ? { range: (_plot, least, most): [number, number] => [least - 50_000, most + 50_000] }
            : this.span === null
              ? {}
              : { range: (_plot, _least, most): [number, number] => [most - (this.span ?? 0), most] }),
        },
        y: { range: (_plot, _least, most): [number, number] => [0, Number.isFinite(most) && most > 0 ? most * 1.12 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          space: this.kind === "bars" ? 72 : 48,
          values: (_plot, splits) => splits.map((at) => this.timeOf(at)),
          ...(this.kind === "bars"
            ? { splits: (plot: uPlot): number[] => everyFew(plot.data[0], plot.width) }
            : {}),
        },
        {
          ...axis,
          // uPlot asks once before there are any
          size: (_plot, values: readonly string[] | null) => 18 + 6.5 * Math.max(2, ...(values ?? []).map(({ length }) => length)),
          space: 36,
          ...(this.isWhole ? { incrs: wholeSteps } : {}),
          values: (_plot, splits) => splits.map((value) => this.amountOf(value)),
        },
      ],
      series: [
        {},
        this.kind === "bars" && bars !== undefined
          ? { paths: bars, fill: accent, stroke: accent, width: 0, points: { show: false } }
          : { stroke: accent, width: 2, fill: `${accent}1f`, points: { show: true, size: 5, fill: accent, filter: alone }, spanGaps: false },
      ],
      hooks: { setCursor: [(plot): void => { this.#point(plot); }] },
    };
  }

  #point(plot: uPlot): void {
    const tip = this.#tip;
    const index = plot.cursor.idx;
    const at = index == null ? undefined : plot.data[0][index];
    const value = index == null ? undefined : plot.data[1]?.[index];
    if (tip === null) {
      return;
    }
    tip.hidden = at === undefined || value == null;
    if (at === undefined || value == null) {
      return;
    }
    tip.textContent = `${this.amountOf(value)} · ${this.momentOf(at)}`;
    const left = plot.valToPos(at, "x");
    tip.style.left = `${Math.min(Math.max(left, tip.offsetWidth / 2), plot.over.clientWidth - tip.offsetWidth / 2)}px`;
  }
}

/** 1, 2, 5, 10, 20, 50 and so on. */
const wholeSteps = Array.from({ length: 13 }, (_none, power) => [1, 2, 5].map((one) => one * 10 ** power)).flat();

/** Points with nothing known on either side: no line goes through them, so they are drawn by themselves. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  return Array.from(values.keys()).filter((at) => values[at] != null && values[at - 1] == null && values[at + 1] == null);
}

/** So many days that their names have room beside each other. */
function everyFew(days: ArrayLike<number>, width: number): number[] {
  const step = Math.max(1, Math.ceil((days.length * 72) / Math.max(1, width - 60)));
  return Array.from(days).filter((_day, index, all) => (all.length - 1 - index) % step === 0);
}

customElements.define("dashboard-chart", ChartElement);

export interface ChartOptions {
  readonly data: ChartData;
  readonly label: string;
  readonly theme: string;
  readonly value: (value: number) => string;
  readonly time: (seconds: number) => string;
  readonly moment: (seconds: number) => string;
  readonly kind?: "line" | "bars";
  readonly height?: number;
  readonly span?: number;
  readonly isWhole?: boolean;
}

export function chart({ data, label, theme, value, time, moment, kind, height, span, isWhole }: ChartOptions): TemplateResult {
  return html`<dashboard-chart
    .data=${data}
    .label=${label}
    .theme=${theme}
    .amountOf=${value}
    .timeOf=${time}
    .momentOf=${moment}
    .kind=${kind ?? "line"}
    .height=${height ?? 160}
    .span=${span ?? null}
    .isWhole=${isWhole ?? false}
  ></dashboard-chart>`;
}
