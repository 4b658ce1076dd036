import { DIGEST_LENGTH, MAX_MESSAGE_BYTES } from "../members.ts";
import { isInstance } from "./names.ts";

/**
 * Request of one host to another. No command carries a configuration: each host reads its own file.
 *
 * - `ping`: tells the state.
 * - `check`: reads the configuration, and tells if it can be used.
 * - `reload`: as `check`, and uses the configuration if its digest is this one.
 */
export type Command = { readonly kind: "ping" } | { readonly kind: "check" } | { readonly kind: "reload"; readonly digest: string };

/** Fault of a configuration. */
export interface HostFault {
	readonly path: string;
	readonly line?: number;
	readonly message: string;
}

/** Answer of a host. */
export type Answer =
	| {
			readonly ok: true;
			/** Digest of the configuration: of `ping` and `reload` that in use, of `check` that of the file. */
			readonly digest: string;
			/** True if the host serves, and at least one backend can be used. */
			readonly isReady: boolean;
			/** Keys of the configuration whose change needs a restart. Empty for `ping`. */
			readonly needRestart: readonly string[];
	  }
	| {
			readonly ok: false;
			/**
			 * - `invalid_config`: the configuration has faults.
			 * - `changed`: the file has another configuration than the command names.
			 * - `busy`: too many commands wait.
			 * - `no_answer`: the host did not answer in time.
			 * - `failed`: any other reason.
			 */
			readonly code: FailureCode;
			readonly message: string;
			/** Empty unless the code is `invalid_config`. */
			readonly faults: readonly HostFault[];
	  };

const CODES = ["invalid_config", "changed", "busy", "no_answer", "failed"] as const;

export type FailureCode = (typeof CODES)[number];

/** A message between two hosts. */
export type Message =
	| { readonly type: "command"; readonly id: string; readonly from: string; readonly command: Command }
	| { readonly type: "answer"; readonly id: string; readonly answer: Answer };

/** Longest text of an answer, in characters. */
const MAX_TEXT = 300;

/** Most faults and most keys in an answer. */
const MAX_ITEMS = 8;

/** Returns a message as text. Texts and lists that are too long are cut. */
export function encodeMessage(message: Message): string {
	if (message.type === "command") return JSON.stringify(message);
	for (let items = MAX_ITEMS; ; items = Math.floor(items / 2)) {
		const text = JSON.stringify({ ...message, answer: cutAnswer(message.answer, items) });
		if (Buffer.byteLength(text) <= MAX_MESSAGE_BYTES || items === 0) return text;
	}
}

/** Returns the message of a text from the store; `undefined` for a text that no host has written. */
export function readMessage(text: string): Message | undefined {
	const value = parsed(text);
	if (!isObject(value) || !isId(value.id)) return undefined;
	const { type, id } = value;
	if (type === "command") {
		const command = commandOf(value.command);
		return command === undefined || !isInstance(value.from) ? undefined : { type, id, from: value.from, command };
	}
	const answer = type === "answer" ? answerOf(value.answer) : undefined;
	return answer === undefined ? undefined : { type: "answer", id, answer };
}

function commandOf(value: unknown): Command | undefined {
	if (!isObject(value)) return undefined;
	const { kind, digest } = value;
	if (kind === "ping" || kind === "check") return { kind };
	return kind === "reload" && isDigest(digest) ? { kind, digest } : undefined;
}

function answerOf(value: unknown): Answer | undefined {
	if (!isObject(value)) return undefined;
	if (value.ok === true) {
		const { digest, isReady, needRestart } = value;
		if (!isDigest(digest) || !isList(needRestart) || !needRestart.every(isText)) return undefined;
		return { ok: true, digest, isReady: isReady === true, needRestart };
	}
	const { message, faults } = value;
	const code = CODES.find((each) => each === value.code);
	if (code === undefined || !isText(message) || !isList(faults)) return undefined;
	return { ok: false, code, message, faults: faults.flatMap((fault) => faultOf(fault) ?? []) };
}

function faultOf(value: unknown): HostFault | undefined {
	if (!isObject(value) || !isText(value.path) || !isText(value.message)) return undefined;
	const { path, line, message } = value;
	return { path, ...(typeof line === "number" ? { line } : {}), message };
}

function parsed(text: string): unknown {
	if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function cutAnswer(answer: Answer, items: number): Answer {
	if (answer.ok) return { ...answer, needRestart: answer.needRestart.slice(0, items).map(cutText) };
	const faults = answer.faults.slice(0, items).map((fault) => ({ ...fault, path: cutText(fault.path), message: cutText(fault.message) }));
	return { ...answer, message: cutText(answer.message), faults };
}

function cutText(text: string): string {
	return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}

function isText(value: unknown): value is string {
	return typeof value === "string" && value.length <= MAX_TEXT;
}

function isList(value: unknown): value is readonly unknown[] {
	return Array.isArray(value) && value.length <= MAX_ITEMS;
}

function isId(value: unknown): value is string {
	return typeof value === "string" && value.length >= 1 && value.length <= 64;
}

function isDigest(value: unknown): value is string {
	return typeof value === "string" && value.length === DIGEST_LENGTH && /^[0-9a-f]+$/.test(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
