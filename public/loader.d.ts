/*
 * What passes between the loader (`umleitung.js`), what it paints with (`banner.js`) and how it finds its place (`placement.js`), for the
 * type check; nothing of this is served. The document's own types are made from `contract/state-v1.json` before each check.
 */
import type { Brief, Call, Line, Notice, PublicState } from 'state';

export type { Brief, Call, Line, Notice, PublicState };

/** What unfolds below the banner, or stands in its place: `companion.js`. All times are the server's, in milliseconds since 1970. */
export interface Widget {
  state(state: PublicState, now: number, preview: boolean, services: string, tag: string): void;
  tick(now: number, heard: number | undefined): void;
  free(): void;
}

/** Mounts the widget in a place of the loader. */
export type Mount = (
  place: Pick<Place, 'root' | 'state' | 'services'> & { isUnder: boolean },
  now: number,
  home: string,
  preview: boolean,
  heard: number | undefined,
  wished: (tag: string) => void,
) => Widget;

/** Found in the visitor's own browser: a document to show, or nothing any more. */
export type Found = (hint?: PublicState) => void;

/** The module that holds the widget's glue and the companion. */
export interface Code {
  /** The integrity of `placement.js`. */
  placement: string;
  prepare(tag: string): Promise<Mount>;
  attend(probe: string | undefined, worker: string | undefined, origins: string[], path: string, show: Found): void;
}

/** One element on the page and what stands in it. */
export interface Place {
  host: HTMLElement;
  root: ShadowRoot;
  boxes: HTMLElement[];
  /** What was told last; the same again changes nothing. */
  key?: string;
  state: PublicState;
  /** The ids that it is narrowed to, separated by blanks. */
  services: string;
  isSmall: boolean;
  /** Whether all is to be seen at once. */
  isWhole: boolean;
  /** Whether somebody has unfolded the rest. */
  open?: boolean;
  /** The revision with which the rest did not come. */
  isRefused?: string;
  widget?: Widget;
}

/** What the loader lends to what paints. */
export interface Loan {
  briefly(notice: Notice, tag: string): Brief;
  language(): string;
  now(): number;
  getCode(): Promise<Code>;
  since(): number | false | undefined;
  circumstances(): [number, string, boolean, number | undefined, (tag: string) => void];
  wish(tag: string): void;
  readonly home: string;
  readonly shown: PublicState;
  readonly asked: Promise<void> | undefined;
}

/** Called when something on the page may have changed. */
export type Soon = () => void;

/** What `placement.js` and `banner.js` can do for the loader, which asks before it calls. */
export interface Wishes {
  dress(root: ShadowRoot): void;
  since(words: string, heard: number, tag: string, state: PublicState): string;
  slips(ids: string[], state: PublicState): boolean;
  rule(state: PublicState): string | undefined;
  opens(state: PublicState): boolean | undefined;
  steady(host: HTMLElement, change: () => void, edge?: number): void;
  grown(host: HTMLElement): void;
  hidden(host: HTMLElement, soon: Soon): boolean;
  deaf(host: HTMLElement): boolean;
  enter(host: HTMLElement, target: Element, soon: Soon): HTMLElement;
  settle(host: HTMLElement, target: Element, soon: Soon): void;
  callable(brief: Brief, now: number): Call | undefined;
  paint(place: Place, loader: Loan): void;
  bring(place: Place, loader: Loan): void;
}

/** How `banner.js` paints; together with what `placement.js` brings it is one object. */
export interface Painting extends Pick<Wishes, 'callable' | 'paint' | 'bring'> {
  line(place: Place, loader: Loan, notice: Notice, tag: string, i: number): HTMLElement;
  banner(place: Place, loader: Loan, tag: string): HTMLElement;
  others(loader: Loan, others: Notice[], tag: string): HTMLElement;
  way(place: Place, loader: Loan, way: Line & { href: string }): HTMLElement;
  control(place: Place, loader: Loan, label: string, title: string): HTMLElement;
  unfold(place: Place, loader: Loan, open: boolean): Promise<void>;
  enrich(place: Place, loader: Loan): Promise<void>;
}

/** What the server puts into the loader: where the widget's files are, what their code hashes to, and where there are notices the wishes. */
export type Assets = { files: string; hash: string } & Partial<Wishes>;

/** The compiled widget as its glue shows it; `app/widget/src/main.rs` says more. */
export interface Compiled {
  state(state: PublicState, now: number, preview: boolean, services: string): void;
  words(tag: string, words: Words): void;
  tick(now: number, heard: number | undefined): void;
  free(): void;
}

/** A message file of `app/view/messages`: key → text. */
export type Words = Record<string, string>;

declare global {
  /* What the build puts the companion behind: the glue's module. */
  function __wbg_init(from: { module_or_path: Promise<Response> }): Promise<unknown>;
  function style(): string;
  function mount(
    into: Element | ShadowRoot,
    state: PublicState,
    tag: string,
    words: Words,
    now: number,
    home: string,
    services: string,
    preview: boolean,
    choose: (tag: string) => void,
    heard: number | undefined,
    isUnder: boolean,
  ): Compiled;
  interface Window {
    umleitung: { current: unknown; preview(sample?: PublicState | null, asIs?: boolean): Promise<void> };
    ReactDOM?: unknown;
  }
  interface Navigator {
    connection?: { saveData?: boolean };
  }
  interface Document {
    prerendering?: boolean;
  }
}
