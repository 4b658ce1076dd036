import { HINT_LIMITS, type Hint, type HintKind, type ReceivedHint } from "./hints.ts";
import { StoreError } from "./store-error.ts";

/** Version of the written form. Hints of another version are left out. */
const VERSION = 1;

const KINDS: ReadonlySet<string> = new Set<HintKind>(["failing", "breaker_open", "breaker_closed", "key_rejected", "key_cooldown"]);

/** Longest texts, in characters. */
const LENGTHS = { host: 64, backend: 128, operation: 64, key: 64, guests: 64 } as const;

/** Names of hosts, as the configuration permits them. */
const HOST = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Operations and digests. */
const WORD = /^[A-Za-z0-9_.-]*$/;

const MAX_FAILURES = 100;

/** Returns what a hint is about. A newer hint of the same host on the same subject replaces the older one. */
export function subjectOf({ backend, operation, key }: Pick<Hint, "backend" | "operation" | "key">): string {
	return JSON.stringify([backend, operation, key]);
}

/** Returns a time within the bounds of the room. */
export function boundedMs(ms: number): number {
	return Number.isFinite(ms) ? Math.min(HINT_LIMITS.maxKeepMs, Math.max(1, Math.ceil(ms))) : HINT_LIMITS.maxKeepMs;
}

/** Returns the written form of a hint, without the host and the time. @throws StoreError `invalid_value` for a hint that no host would accept. */
export function writeHint({ kind, backend, operation, key, failures, guests }: Hint): string {
	const text = JSON.stringify([VERSION, kind, backend, operation, key, Math.min(MAX_FAILURES, failures), guests]);
	if (readHint("host", 1, text) === undefined)
		throw new StoreError(
			"invalid_value",
			`backend ${backend.slice(0, LENGTHS.backend)}: a hint on it cannot be written; the name is too long`,
		);
	return text;
}

/** Throws if a host may not publish these hints. @throws StoreError `invalid_value`. */
export function checkPublication(host: string, hints: readonly Hint[]): void {
	if (!HOST.test(host)) throw new StoreError("invalid_value", "the name of this host has other characters than letters, digits, . _ and -");
	if (hints.length > HINT_LIMITS.perCall) throw new StoreError("invalid_value", `more than ${HINT_LIMITS.perCall} hints in one call`);
}

/** Returns a hint from the store; `undefined` for a value that no host of this version wrote. */
export function readHint(host: unknown, leftMs: unknown, text: unknown): ReceivedHint | undefined {
	if (typeof host !== "string" || !HOST.test(host)) return undefined;
	if (typeof leftMs !== "number" || !(leftMs > 0 && leftMs <= HINT_LIMITS.maxKeepMs)) return undefined;
	if (typeof text !== "string" || Buffer.byteLength(text) > HINT_LIMITS.bytes) return undefined;
	const parsed = parsedList(text);
	if (parsed?.length !== 7) return undefined;
	const [version, kind, backend, operation, key, failures, guests] = parsed;
	if (version !== VERSION || !isKind(kind)) return undefined;
	if (!isText(backend, LENGTHS.backend) || backend === "") return undefined;
	if (!isWord(operation, LENGTHS.operation) || !isWord(key, LENGTHS.key) || !isWord(guests, LENGTHS.guests) || guests === "")
		return undefined;
	if (typeof failures !== "number" || !Number.isInteger(failures) || failures < 0 || failures > MAX_FAILURES) return undefined;
	// A hint is on an operation of a backend, or on a key.
	if ((key === "") === (operation === "") || kind.startsWith("key_") === (key === "")) return undefined;
	return { host, leftMs, kind, backend, operation, key, failures, guests };
}

function parsedList(text: string): readonly unknown[] | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return Array.isArray(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isKind(value: unknown): value is HintKind {
	return typeof value === "string" && KINDS.has(value);
}

function isText(value: unknown, maxLength: number): value is string {
	return typeof value === "string" && value.length <= maxLength;
}

function isWord(value: unknown, maxLength: number): value is string {
	return isText(value, maxLength) && WORD.test(value);
}
