/** Type of the console of guests. Merges with the type of that name in other libraries. */

/** Lines for the host's log. */
interface Console {
	log(...values: unknown[]): void;
	info(...values: unknown[]): void;
	debug(...values: unknown[]): void;
	warn(...values: unknown[]): void;
	error(...values: unknown[]): void;
	trace(...values: unknown[]): void;
	assert(condition?: unknown, ...values: unknown[]): void;
	dir(value?: unknown, options?: { readonly depth?: number | null }): void;
	table(data?: unknown, columns?: readonly string[]): void;
	group(...values: unknown[]): void;
	groupCollapsed(...values: unknown[]): void;
	groupEnd(): void;
	count(label?: string): void;
	countReset(label?: string): void;
	time(label?: string): void;
	timeLog(label?: string, ...values: unknown[]): void;
	timeEnd(label?: string): void;
	clear(): void;
}
declare var console: Console;
