import type { IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";

/** How much of the body of a refusal is read, in bytes, and how long that may take, in milliseconds. */
const REFUSAL_BODY = { bytes: 64 * 1024, ms: 2000 } as const;

/** An answer to the opening handshake that is not `101 Switching Protocols`. */
export interface Refusal {
	readonly status: number;
	/** Names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** The beginning of the body. */
	readonly body: Buffer;
}

/** What comes of an opening handshake. */
export interface UpgradeWatcher {
	readonly upgraded: (socket: Duplex) => void;
	readonly refused: (refusal: Refusal) => void;
	readonly failed: (cause: Error) => void;
}

/**
 * Shows what undici's WebSocket keeps to itself: the socket, the status and body of a refusal, and why no connection came about. A
 * refusal is not passed on: whoever is told of it closes the client, which ends the handshake.
 */
export function watchUpgrade(watcher: UpgradeWatcher): Dispatcher.DispatcherComposeInterceptor {
	return (dispatch) => (options, handler) => dispatch(options, new UpgradeHandler(handler, watcher));
}

class UpgradeHandler implements Dispatcher.DispatchHandler {
	readonly #handler: Dispatcher.DispatchHandler;
	readonly #watcher: UpgradeWatcher;
	readonly #chunks: Buffer[] = [];
	#bytes = 0;
	#refusal: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
	#patience: NodeJS.Timeout | undefined;

	constructor(handler: Dispatcher.DispatchHandler, watcher: UpgradeWatcher) {
		this.#handler = handler;
		this.#watcher = watcher;
	}

	onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
		this.#handler.onRequestStart?.(controller, context);
	}

	onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, socket: Duplex): void {
		this.#watcher.upgraded(socket);
		this.#handler.onRequestUpgrade?.(controller, status, headers, socket);
	}

	onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
		if (status < 200) return;
		this.#refusal = { status, headers };
		this.#patience = setTimeout(() => this.#refuse(), REFUSAL_BODY.ms);
	}

	onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
		this.#chunks.push(chunk);
		this.#bytes += chunk.byteLength;
		if (this.#bytes >= REFUSAL_BODY.bytes) this.#refuse();
	}

	onResponseEnd(): void {
		this.#refuse();
	}

	onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
		if (this.#refusal === undefined) this.#watcher.failed(error);
		else this.#refuse();
		this.#handler.onResponseError?.(controller, error);
	}

	#refuse(): void {
		clearTimeout(this.#patience);
		if (this.#refusal === undefined) return;
		const { status, headers } = this.#refusal;
		const flat: Record<string, string> = {};
		for (const [name, value] of Object.entries(headers)) {
			if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
		}
		this.#watcher.refused({ status, headers: flat, body: Buffer.concat(this.#chunks).subarray(0, REFUSAL_BODY.bytes) });
	}
}
