import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import { fileFault } from "../errors/file-fault.ts";
import { parseJson } from "../formats/json.ts";
import type { Clock } from "../time/clock.ts";
import { idOfLongLine } from "./long-line.ts";
import { MessageLines } from "./message-lines.ts";
import type { ProcessGroup } from "./process-group.ts";
import { StderrLines } from "./stderr-lines.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Bounds of the bytes and messages of one server. */
export interface TransportLimits {
	/** Longest message, in bytes. A longer answer fails its call, and its bytes are dropped as they arrive. */
	readonly maxMessageBytes: number;
	/** Dropped bytes: at once, and a second after that. A large file in one answer is a mistake, and an endless one is a fault. */
	readonly dropped: { readonly burst: number; readonly perS: number };
	/** Messages that answer nothing: at once, and a second after that. */
	readonly unasked: { readonly burst: number; readonly perS: number };
	/** Bytes that may wait for a server that does not read. */
	readonly maxUnreadBytes: number;
	/** Time that processes have to end by themselves, in milliseconds. */
	readonly graceMs: number;
}

export const TRANSPORT_LIMITS: Omit<TransportLimits, "maxMessageBytes"> = {
	// The longest string of V8, so that no server on Node is taken for an endless one.
	dropped: { burst: 512 * 1024 * 1024, perS: 16 * 1024 * 1024 },
	unasked: { burst: 2_000, perS: 200 },
	maxUnreadBytes: 8 * 1024 * 1024,
	graceMs: 2_000,
};

export interface TransportOptions {
	readonly start: () => ProcessGroup;
	readonly limits: TransportLimits;
	readonly clock: Clock;
	/** Receives a line of the server's standard error. */
	readonly onStderr: (line: string) => void;
}

/**
 * Carries messages to a server over the standard input and output of its process. Bounds all that the server sends before the host holds it.
 * The connection ends with the reason {@link endReason} when the process ends, floods, or does not read.
 */
export class ProcessTransport implements Transport {
	onclose?: () => void;
	onerror?: (error: Error) => void;
	onmessage?: (message: JSONRPCMessage) => void;
	readonly #options: TransportOptions;
	readonly #lines: MessageLines;
	readonly #dropped: TokenBucket;
	readonly #unasked: TokenBucket;
	/** Ids of the requests that wait for their answers. */
	readonly #asked = new Set<number | string>();
	#group: ProcessGroup | undefined;
	#reason: string | undefined;
	#ended: Promise<void> | undefined;
	#received = 0;

	constructor(options: TransportOptions) {
		this.#options = options;
		const { limits, clock } = options;
		this.#dropped = new TokenBucket(clock, limits.dropped);
		this.#unasked = new TokenBucket(clock, limits.unasked);
		this.#lines = new MessageLines(limits.maxMessageBytes, {
			line: (text) => this.#receive(text),
			longLine: (start, end) => this.#refuseLong(start, end),
			dropped: (bytes) => {
				if (!this.#dropped.take(bytes)) this.#end("the server sent a message without an end");
			},
		});
	}

	/** Reason for which the connection has ended. `undefined` while it is open. */
	get endReason(): string | undefined {
		return this.#reason;
	}

	/** True if the connection has ended, and not because the client has closed it. */
	get isEndedByOther(): boolean {
		return this.#reason !== undefined && this.#reason !== CLOSED;
	}

	/** Number of messages that the server has sent. */
	get received(): number {
		return this.#received;
	}

	/** Resolves when no process is left. */
	get ended(): Promise<void> {
		return this.#ended ?? Promise.resolve();
	}

	/** Starts the process. @throws Error if the program cannot be started. */
	start(): Promise<void> {
		if (this.#reason !== undefined) return Promise.reject(new Error(this.#reason));
		const group = this.#options.start();
		this.#group = group;
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		group.child.once("spawn", resolve);
		group.child.on("error", (cause) => {
			const reason = `the program cannot be started: ${fileFault(cause)}`;
			this.#end(reason);
			reject(new Error(reason, { cause }));
		});
		group.child.once("exit", (code, signal) =>
			this.#end(`the server ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}`),
		);
		group.stdin.on("error", () => {});
		group.stdout.on("error", () => {});
		group.stderr.on("error", () => {});
		group.stdout.on("data", (bytes: Buffer) => {
			if (this.#reason === undefined) this.#lines.write(bytes);
		});
		const stderr = new StderrLines(this.#options.clock, this.#options.onStderr);
		group.stderr.on("data", (bytes: Buffer) => stderr.write(bytes));
		// A server that is idle does not keep the host's process alive.
		for (const part of [group.child, group.stdin, group.stdout, group.stderr])
			if ("unref" in part && typeof part.unref === "function") part.unref();
		return promise;
	}

	async send(message: JSONRPCMessage): Promise<void> {
		const stdin = this.#group?.stdin;
		if (stdin === undefined || this.#reason !== undefined) throw new Error(this.#reason ?? "the server is not started");
		if (stdin.writableLength > this.#options.limits.maxUnreadBytes) {
			this.#end("the server does not read its input");
			throw new Error(this.#reason);
		}
		if ("method" in message && "id" in message) this.#asked.add(message.id);
		if ("method" in message && message.method === "notifications/cancelled") this.#forget(message.params?.requestId);
		stdin.write(`${JSON.stringify(message)}\n`);
	}

	/** Ends the process and all that it has started, for the client. Resolves when none is left. */
	async close(): Promise<void> {
		this.#end(CLOSED);
		await this.ended;
	}

	/** Ends the connection for a reason. */
	end(reason: string): void {
		this.#end(reason);
	}

	#receive(text: string): void {
		if (this.#reason !== undefined || text.trim() === "") return;
		const message = messageOf(text);
		this.#received += 1;
		const answers = message !== undefined && "id" in message && !("method" in message) && this.#forget(message.id);
		if (!answers && !this.#unasked.take(1)) {
			this.#end("the server floods the host with messages");
			return;
		}
		// An answer to nothing: of a call that was cancelled, or invented.
		if (message === undefined || ("id" in message && !("method" in message) && !answers)) return;
		this.onmessage?.(message);
	}

	/** Fails the call that a line beyond the limit answers. */
	#refuseLong(start: string, end: string): void {
		const id = idOfLongLine(start, end);
		this.#received += 1;
		if (id === undefined || !this.#forget(id)) return;
		const message = `the answer has more than ${this.#options.limits.maxMessageBytes} bytes`;
		this.onmessage?.({ jsonrpc: "2.0", id, error: { code: TOO_LARGE, message } });
	}

	#forget(id: unknown): boolean {
		return (typeof id === "number" || typeof id === "string") && this.#asked.delete(id);
	}

	#end(reason: string): void {
		if (this.#reason !== undefined) return;
		this.#reason = reason;
		this.#ended = this.#group?.end(this.#options.limits.graceMs);
		this.onclose?.();
	}
}

/** Reason of a connection that the client has closed. */
const CLOSED = "the client has closed the connection";

/** Code of the error in place of an answer that is too large. JSON-RPC leaves the range to implementations. */
const TOO_LARGE = -32_098;

/** Returns the message of a line. `undefined` for a line that is none. */
function messageOf(text: string): JSONRPCMessage | undefined {
	try {
		const value = parseJson(text);
		return isMessage(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Checks the members that the host uses. The client checks the rest. */
function isMessage(value: unknown): value is JSONRPCMessage {
	if (typeof value !== "object" || value === null || !("jsonrpc" in value) || value.jsonrpc !== "2.0") return false;
	if ("method" in value) return typeof value.method === "string";
	return "id" in value && (isObject(value, "result") || isObject(value, "error"));
}

function isObject(value: object, name: "result" | "error"): boolean {
	const member: unknown = Reflect.get(value, name);
	return typeof member === "object" && member !== null && !Array.isArray(member);
}
