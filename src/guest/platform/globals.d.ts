/// <reference path="./console-global.d.ts" />
/**
 * Types of the globals of guests, for programs without the library `dom` and without the types of Node. Describes QuickJS guests. The
 * page of the platform names what differs in StarlingMonkey.
 */

declare function setTimeout(task: (...values: never[]) => void, delay?: number, ...values: unknown[]): number;
declare function setInterval(task: (...values: never[]) => void, delay?: number, ...values: unknown[]): number;
declare function clearTimeout(id: number | undefined): void;
declare function clearInterval(id: number | undefined): void;
declare function queueMicrotask(task: () => void): void;
declare function reportError(thrown: unknown): void;
declare function structuredClone<T>(value: T, options?: { readonly transfer?: Iterable<object> }): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare var self: typeof globalThis;

interface Performance {
	readonly timeOrigin: number;
	now(): number;
	toJSON(): unknown;
}
declare var performance: Performance;

type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;

interface SubtleCrypto {
	digest(algorithm: string | { readonly name: string }, data: BufferSource): Promise<ArrayBuffer>;
}
interface Crypto {
	readonly subtle: SubtleCrypto;
	getRandomValues<T extends ArrayBufferView>(array: T): T;
	randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
}
declare var crypto: Crypto;

interface TextEncoder {
	readonly encoding: "utf-8";
	encode(text?: string): Uint8Array<ArrayBuffer>;
	encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
declare var TextEncoder: { prototype: TextEncoder; new (): TextEncoder };

interface TextDecoder {
	readonly encoding: string;
	readonly fatal: boolean;
	readonly ignoreBOM: boolean;
	decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { readonly stream?: boolean }): string;
}
declare var TextDecoder: {
	prototype: TextDecoder;
	new (label?: string, options?: { readonly fatal?: boolean; readonly ignoreBOM?: boolean }): TextDecoder;
};

interface URLSearchParams extends Iterable<[string, string]> {
	readonly size: number;
	append(name: string, value: string): void;
	delete(name: string, value?: string): void;
	get(name: string): string | null;
	getAll(name: string): string[];
	has(name: string, value?: string): boolean;
	set(name: string, value: string): void;
	sort(): void;
	toString(): string;
	forEach(call: (value: string, key: string, parent: URLSearchParams) => void): void;
	entries(): IterableIterator<[string, string]>;
	keys(): IterableIterator<string>;
	values(): IterableIterator<string>;
}
declare var URLSearchParams: {
	prototype: URLSearchParams;
	new (init?: Iterable<[string, string]> | Readonly<Record<string, string>> | string): URLSearchParams;
};

interface URL {
	href: string;
	readonly origin: string;
	protocol: string;
	username: string;
	password: string;
	host: string;
	hostname: string;
	port: string;
	pathname: string;
	search: string;
	readonly searchParams: URLSearchParams;
	hash: string;
	toString(): string;
	toJSON(): string;
}
declare var URL: {
	prototype: URL;
	new (url: string | URL, base?: string | URL): URL;
	canParse(url: string | URL, base?: string | URL): boolean;
	parse(url: string | URL, base?: string | URL): URL | null;
};

interface DOMException extends Error {
	readonly code: number;
}
declare var DOMException: { prototype: DOMException; new (message?: string, name?: string): DOMException };

interface EventInit {
	bubbles?: boolean;
	cancelable?: boolean;
	composed?: boolean;
}
interface Event {
	readonly type: string;
	readonly target: EventTarget | null;
	readonly currentTarget: EventTarget | null;
	readonly bubbles: boolean;
	readonly cancelable: boolean;
	readonly defaultPrevented: boolean;
	readonly isTrusted: boolean;
	readonly timeStamp: number;
	preventDefault(): void;
	stopPropagation(): void;
	stopImmediatePropagation(): void;
}
declare var Event: { prototype: Event; new (type: string, init?: EventInit): Event };

interface CustomEvent<T = unknown> extends Event {
	readonly detail: T;
}
declare var CustomEvent: { prototype: CustomEvent; new <T>(type: string, init?: EventInit & { detail?: T }): CustomEvent<T> };

interface EventListenerObject {
	handleEvent(event: Event): void;
}
interface AddEventListenerOptions {
	capture?: boolean;
	once?: boolean;
	passive?: boolean;
	signal?: AbortSignal;
}
interface EventTarget {
	addEventListener(
		type: string,
		listener: ((event: Event) => void) | EventListenerObject | null,
		options?: AddEventListenerOptions | boolean,
	): void;
	removeEventListener(
		type: string,
		listener: ((event: Event) => void) | EventListenerObject | null,
		options?: { capture?: boolean } | boolean,
	): void;
	dispatchEvent(event: Event): boolean;
}
declare var EventTarget: { prototype: EventTarget; new (): EventTarget };

interface AbortSignal extends EventTarget {
	readonly aborted: boolean;
	// biome-ignore lint/suspicious/noExplicitAny: as in the library `dom`
	readonly reason: any;
	onabort: ((event: Event) => void) | null;
	throwIfAborted(): void;
}
declare var AbortSignal: {
	prototype: AbortSignal;
	abort(reason?: unknown): AbortSignal;
	timeout(ms: number): AbortSignal;
	any(signals: Iterable<AbortSignal>): AbortSignal;
};
interface AbortController {
	readonly signal: AbortSignal;
	abort(reason?: unknown): void;
}
declare var AbortController: { prototype: AbortController; new (): AbortController };

/** Files that `spear build` puts into the guest as text, and as bytes. */
declare module "*.txt" {
	const text: string;
	export default text;
}
declare module "*.md" {
	const text: string;
	export default text;
}
declare module "*.html" {
	const text: string;
	export default text;
}
declare module "*.css" {
	const text: string;
	export default text;
}
declare module "*.sql" {
	const text: string;
	export default text;
}
declare module "*.csv" {
	const text: string;
	export default text;
}
declare module "*.toml" {
	const text: string;
	export default text;
}
declare module "*.yaml" {
	const text: string;
	export default text;
}
declare module "*.yml" {
	const text: string;
	export default text;
}
declare module "*.bin" {
	const bytes: Uint8Array<ArrayBuffer>;
	export default bytes;
}
