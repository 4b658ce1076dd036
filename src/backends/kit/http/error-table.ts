/**
 * The meaning of an upstream's error.
 * - `request`: the request's content or parameters.
 * - `size`: the request has too many bytes.
 * - `model`: the model, another resource, or the permission to use it.
 * - `region`: the place of the host. Another backend may serve it.
 * - `credentials`: the key.
 * - `quota`: money or quota are used up, until the operator acts.
 * - `rate`: too many requests or tokens for now.
 * - `overloaded`: the upstream has no capacity for any requests now.
 * - `conflict`: the state of a resource changed.
 * - `timeout`: the upstream ran out of time.
 * - `failure`: the upstream failed.
 */
export type ErrorMeaning =
	| "request"
	| "size"
	| "model"
	| "region"
	| "credentials"
	| "quota"
	| "rate"
	| "overloaded"
	| "conflict"
	| "timeout"
	| "failure";

/** A row of a vendor's table. The row applies if all of its members apply. */
export interface ErrorRow {
	readonly means: ErrorMeaning;
	/** HTTP status of the answer. 200 for an error within an answer. */
	readonly status?: number | ((status: number) => boolean);
	/** A word for programs in the error, such as its `type` or `code`. A pattern must match the whole word. */
	readonly mark?: string | RegExp;
	/**
	 * Matches the beginning of the message. Use it only where the vendor repeats nothing of the request there. Otherwise a guest could write
	 * the words of a rejected key.
	 */
	readonly message?: RegExp;
}

/** The parts of an error that its meaning follows from. */
export interface ErrorShape {
	/** HTTP status of the answer. 200 for an error within an answer. */
	readonly status: number;
	/** Words for programs, as the vendor writes them. */
	readonly marks: readonly string[];
	readonly message: string | undefined;
}

/** Returns the meaning of an error by the first row that applies; `undefined` for that of its status. */
export function meaningOf(rows: readonly ErrorRow[], { status, marks, message = "" }: ErrorShape): ErrorMeaning | undefined {
	return rows.find(
		(row) =>
			hasStatus(row, status) &&
			(row.mark === undefined || marks.some((mark) => matchesWhole(row.mark, mark))) &&
			(row.message === undefined || row.message.exec(message)?.index === 0),
	)?.means;
}

function hasStatus({ status: expected }: ErrorRow, status: number): boolean {
	return typeof expected === "function" ? expected(status) : expected === undefined || expected === status;
}

function matchesWhole(expected: string | RegExp | undefined, mark: string): boolean {
	return expected instanceof RegExp ? expected.exec(mark)?.[0] === mark : expected === mark;
}

/** Statuses with the same meaning. The first replaces another status. The others stay, because they say more. */
const STATUSES: { readonly [M in Exclude<ErrorMeaning, "quota" | "overloaded" | "region">]: readonly [number, ...number[]] } = {
	request: [400, 413, 422],
	size: [413],
	model: [404],
	credentials: [401, 403],
	rate: [429],
	conflict: [409],
	timeout: [504, 408],
	failure: [500, 501, 502, 503],
};

/** Returns the HTTP status that fits a meaning best. */
export function statusFor(means: keyof typeof STATUSES, status: number): number {
	const statuses = STATUSES[means];
	return statuses.includes(status) ? status : statuses[0];
}
