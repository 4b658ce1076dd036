import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction, Socket } from "node:net";
import { buildConnector, Client, type Dispatcher } from "undici";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import { Watchdog } from "../watchdog.ts";
import { downloadFailure, downloadTimeout, refusedStatus } from "./download-failure.ts";

/** Decides what may be fetched. Each function throws what it does not allow. */
export interface DownloadGuard {
	/** Asked for the URL itself and for every redirect. */
	url(url: URL): void;
	/** Asked for every address a host's name resolves to, and for the one connected to. */
	address(address: string): void;
}

export interface ResolvedAddress {
	readonly address: string;
	readonly family: 4 | 6;
}

/** Finds the addresses of a host. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** Deadlines in milliseconds. The call's own comes on top, by its signal. */
export interface DownloadTimeouts {
	/** Until a connection stands, name and TLS included; for each hop. */
	readonly connectTimeoutMs: number;
	/** From then until the headers, and again until the first piece of the body. */
	readonly firstByteTimeoutMs: number;
	/** Between two pieces of the body, counted only while somebody waits for the next one. */
	readonly idleTimeoutMs: number;
	/** For all of it. */
	readonly totalTimeoutMs: number;
}

export const DOWNLOAD_TIMEOUTS: DownloadTimeouts = {
	connectTimeoutMs: 10_000,
	firstByteTimeoutMs: 30_000,
	idleTimeoutMs: 30_000,
	totalTimeoutMs: 600_000,
};

export interface DownloadOptions {
	readonly guard: DownloadGuard;
	/** Bytes of the body. */
	readonly maxBytes: number;
	readonly timeouts?: Partial<DownloadTimeouts>;
	/** By the system's resolver when absent. */
	readonly resolve?: Resolve;
}

/** A download whose body is about to come. It is to be read, or given up with `discard`. */
export interface Download {
	/** The content type, as the server says it. */
	readonly contentType: string | undefined;
	/** Length of the body in bytes, when the server says it. */
	readonly size: number | undefined;
	readonly pieces: AsyncGenerator<Uint8Array, void, void>;
	/** Closes the connection. */
	discard(): void;
}

/** How many redirects are followed. */
const MAX_REDIRECTS = 3;

/**
 * Fetches what a guest refers to, from a server that nobody here knows. Each hop has a connection of its own, made to an address
 * that was checked: the name is resolved once for it, by the connection itself, so that a name which resolves differently a moment
 * later gains nothing. Sends no credentials and no cookies.
 */
export async function download(url: URL, options: DownloadOptions, signal: AbortSignal): Promise<Download> {
	if (signal.aborted) throw abortError(signal);
	const timeouts = { ...DOWNLOAD_TIMEOUTS, ...options.timeouts };
	const abort = new AbortController();
	const onAbort = (): void => abort.abort(abortError(signal));
	signal.addEventListener("abort", onAbort, { once: true });
	const total = new Watchdog((error) => abort.abort(error));
	total.watch(timeouts.totalTimeoutMs, () => downloadTimeout(`was not complete within ${timeouts.totalTimeoutMs} ms`));
	const end = (): void => {
		total.stop();
		signal.removeEventListener("abort", onAbort);
	};
	try {
		let target = url;
		for (let redirects = 0; ; redirects++) {
			options.guard.url(target);
			const address = target.hostname.replace(/^\[(.*)\]$/, "$1");
			if (isIP(address) !== 0) options.guard.address(address); // Such a host is not looked up.
			const hop = new Hop(target, options, timeouts, abort.signal);
			const next = await hop.begin();
			if (next === undefined) return hop.body(end);
			if (redirects === MAX_REDIRECTS) throw refusedStatus(target, `redirects more than ${MAX_REDIRECTS} times`);
			target = next;
		}
	} catch (thrown) {
		end();
		throw thrown;
	}
}

/** One request of a download. */
class Hop {
	readonly #url: URL;
	readonly #options: DownloadOptions;
	readonly #timeouts: DownloadTimeouts;
	readonly #signal: AbortSignal;
	readonly #client: Client;
	/** Watches this hop only; what it says comes as the signal's reason. */
	readonly #own = new AbortController();
	readonly #watchdog = new Watchdog((error) => this.#own.abort(error));
	#socket: Socket | undefined;
	#response: Dispatcher.ResponseData | undefined;

	constructor(url: URL, options: DownloadOptions, timeouts: DownloadTimeouts, signal: AbortSignal) {
		this.#url = url;
		this.#options = options;
		this.#timeouts = timeouts;
		this.#signal = AbortSignal.any([signal, this.#own.signal]);
		this.#client = new Client(url.origin, { headersTimeout: 0, bodyTimeout: 0, connect: guardedConnector(options, this.#onSocket) });
	}

	/** Sends the request. Gives the URL it is redirected to, or nothing when the body is about to come. */
	async begin(): Promise<URL | undefined> {
		const { connectTimeoutMs, firstByteTimeoutMs } = this.#timeouts;
		this.#watchdog.watch(connectTimeoutMs, () => downloadTimeout(`could not be connected to within ${connectTimeoutMs} ms`));
		const onAbort = (): void => this.#close();
		this.#signal.addEventListener("abort", onAbort, { once: true });
		try {
			this.#response = await this.#client.request({
				method: "GET",
				path: `${this.#url.pathname}${this.#url.search}`,
				headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "spear-hostcall" },
			});
			this.#response.body.on("error", () => {}); // It comes to whoever reads; without a listener it would end the process.
			const next = this.#judge(this.#response);
			this.#watchdog.watch(firstByteTimeoutMs, () => downloadTimeout(`sent nothing for ${firstByteTimeoutMs} ms`));
			if (next !== undefined) this.#close();
			return next;
		} catch (thrown) {
			this.#close();
			throw this.#signal.aborted ? abortError(this.#signal) : downloadFailure(this.#url, thrown);
		} finally {
			this.#signal.removeEventListener("abort", onAbort);
		}
	}

	/** The body of the answer to `begin`. */
	body(onEnd: () => void): Download {
		const response = this.#response;
		if (response === undefined) throw new Error("the hop has not begun");
		const end = (): void => {
			this.#signal.removeEventListener("abort", end);
			this.#close();
			onEnd();
		};
		this.#signal.addEventListener("abort", end, { once: true });
		this.#watchdog.clear();
		const type = response.headers["content-type"];
		return {
			contentType: typeof type === "string" ? type : undefined,
			size: contentLength(response),
			pieces: this.#read(response, end),
			discard: end,
		};
	}

	/** @throws SpearError for an answer that cannot be used. */
	#judge({ statusCode, headers }: Dispatcher.ResponseData): URL | undefined {
		const { location } = headers;
		if ([301, 302, 303, 307, 308].includes(statusCode) && typeof location === "string") {
			const next = URL.parse(location, this.#url.href);
			if (next === null) throw refusedStatus(this.#url, "redirects to what is not a URL");
			return next;
		}
		if (statusCode !== 200) throw refusedStatus(this.#url, `answers with status ${statusCode}`, statusCode);
		const encoding = headers["content-encoding"] ?? "identity";
		if (encoding !== "identity") throw refusedStatus(this.#url, "compresses its answer, which was not asked for");
		const size = contentLength({ headers });
		if (size !== undefined && size > this.#options.maxBytes) throw this.#tooLarge();
		return undefined;
	}

	async *#read(response: Dispatcher.ResponseData, end: () => void): AsyncGenerator<Uint8Array, void, void> {
		const { firstByteTimeoutMs, idleTimeoutMs } = this.#timeouts;
		let bytes = 0;
		try {
			if (this.#signal.aborted) throw abortError(this.#signal);
			const chunks = response.body[Symbol.asyncIterator]();
			for (;;) {
				const ms = bytes === 0 ? firstByteTimeoutMs : idleTimeoutMs;
				this.#watchdog.watch(ms, () => downloadTimeout(`sent nothing for ${ms} ms`));
				const step = await chunks.next();
				this.#watchdog.clear();
				if (step.done === true) return;
				const chunk: Uint8Array = step.value;
				bytes += chunk.byteLength;
				if (bytes > this.#options.maxBytes) throw this.#tooLarge();
				yield chunk;
			}
		} catch (thrown) {
			throw this.#signal.aborted ? abortError(this.#signal) : downloadFailure(this.#url, thrown);
		} finally {
			end();
		}
	}

	/** A connection is being made, or stands. */
	readonly #onSocket = (socket: Socket, connected: boolean): void => {
		this.#socket = socket;
		const { firstByteTimeoutMs } = this.#timeouts;
		if (connected) this.#watchdog.watch(firstByteTimeoutMs, () => downloadTimeout(`sent nothing for ${firstByteTimeoutMs} ms`));
		else if (this.#signal.aborted) socket.destroy();
	};

	#close(): void {
		this.#watchdog.stop();
		// undici gives up a request that waits for its connection only when that stands or fails.
		this.#socket?.destroy();
		void this.#client.destroy().catch(() => {});
	}

	#tooLarge(): SpearError {
		return new SpearError(
			"invalid_request",
			`what the URL leads to is larger than the ${this.#options.maxBytes} bytes that the host takes`,
		);
	}
}

/** Connects to addresses only that the guard has let through, and looks again at the one connected to. */
function guardedConnector(
	{ guard, resolve = resolveBySystem }: DownloadOptions,
	onSocket: (socket: Socket, connected: boolean) => void,
): buildConnector.connector {
	const connect = buildConnector({ allowH2: false, timeout: 0, lookup: guardedLookup(guard, resolve) });
	return (target, callback) => {
		const socket: unknown = connect(target, (...[error, connected]) => {
			if (error !== null) return callback(error, null);
			try {
				guard.address(connected.remoteAddress ?? "");
			} catch (thrown) {
				connected.destroy();
				return callback(asError(thrown), null);
			}
			onSocket(connected, true);
			callback(null, connected);
		});
		if (socket instanceof Socket) onSocket(socket, false);
	};
}

/** One answer for one connection: every address in it must be allowed. */
function guardedLookup(guard: DownloadGuard, resolve: Resolve): LookupFunction {
	return (hostname, { all }, callback) => {
		const find = async (): Promise<void> => {
			const addresses = await resolve(hostname);
			for (const { address } of addresses) guard.address(address);
			const [first] = addresses;
			if (first === undefined) throw Object.assign(new Error("the name has no address"), { code: "ENOTFOUND" });
			if (all === true) callback(null, [...addresses]);
			else callback(null, first.address, first.family);
		};
		find().catch((thrown: unknown) => callback(asError(thrown), "", 4));
	};
}

async function resolveBySystem(hostname: string): Promise<ResolvedAddress[]> {
	const found = await systemLookup(hostname, { all: true });
	return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function contentLength({ headers }: Pick<Dispatcher.ResponseData, "headers">): number | undefined {
	const length = headers["content-length"];
	return typeof length === "string" && /^\d+$/.test(length) ? Number(length) : undefined;
}

function asError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}
