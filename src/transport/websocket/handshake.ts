import type { ClientRequest, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { type ClientOptions, WebSocket } from "ws";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import { canDecode, contentCoding, decoded } from "../http/content-encoding.ts";
import type { Exchange } from "../http/exchange.ts";
import { malformedError } from "../http/failure.ts";
import { readFailureBody } from "../http/failure-body.ts";
import { flattenHeaders, type Headers } from "../http/headers.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { type StatusFailure, statusError } from "../http/status-error.ts";
import { transportError } from "../http/transport-error.ts";
import type { Network } from "../network.ts";
import { TunnelAgent } from "../proxy/tunnel-agent.ts";
import { type BackendTimeouts, connectTimeout, firstByteTimeout } from "../timeouts.ts";
import { Watchdog } from "../watchdog.ts";

export interface HandshakeOptions {
	/** An `http` or `https` URL. */
	readonly url: URL;
	readonly headers: Headers;
	readonly exchange: Exchange;
	readonly timeouts: Pick<BackendTimeouts, "connectTimeoutMs" | "firstByteTimeoutMs">;
	readonly network: Network;
	/** Largest message of the other side, in bytes. */
	readonly maxMessageBytes: number;
	/** Makes the error for a refused handshake. The default is `statusError`. */
	readonly onStatus?: ((failure: StatusFailure) => SpearError) | undefined;
	/** Ends the handshake and closes the socket. */
	readonly signal: AbortSignal;
}

/** An open WebSocket and the socket under it. Paused: the other side's messages are not read before `resume`. */
export interface OpenSocket {
	readonly webSocket: WebSocket;
	readonly socket: Socket;
}

/** A failed handshake leaves nothing behind at the upstream, because the work is requested in messages. */
const NOT_PROCESSED = { processed: "no" } as const;

/** Longest wait for the other side's close frame, in milliseconds. Otherwise a peer that never replies would hold the socket. */
const CLOSE_TIMEOUT_MS = 2000;

/** Opens a WebSocket. Redirects are not followed, messages are not compressed. */
export async function openWebSocket(options: HandshakeOptions): Promise<OpenSocket> {
	const { exchange, timeouts, signal } = options;
	const outcome = Promise.withResolvers<OpenSocket>();
	const watchdog = new Watchdog(outcome.reject);
	const onAbort = (): void => outcome.reject(abortError(signal));
	signal.addEventListener("abort", onAbort, { once: true });
	watchdog.watch(timeouts.connectTimeoutMs, () => connectTimeout(timeouts.connectTimeoutMs));
	const connected = (): void =>
		watchdog.watch(timeouts.firstByteTimeoutMs, () => firstByteTimeout(timeouts.firstByteTimeoutMs).with(NOT_PROCESSED));
	const agent = tunnelAgent(options, connected);
	let webSocket: WebSocket | undefined;
	try {
		webSocket = begin(options, agent, {
			connected,
			open: outcome.resolve,
			refused: (response) => void refusal(response, options).then(outcome.reject, outcome.reject),
			malformed: () => outcome.reject(malformedError(exchange, "it is not the opening of a WebSocket").with(NOT_PROCESSED)),
			broken: (cause) => outcome.reject(transportError(exchange, "waiting", cause).with(NOT_PROCESSED)),
		});
		return await outcome.promise;
	} catch (thrown) {
		webSocket?.terminate();
		agent?.cancel();
		throw thrown instanceof SpearError ? thrown : transportError(exchange, "waiting", thrown).with(NOT_PROCESSED);
	} finally {
		watchdog.stop();
		signal.removeEventListener("abort", onAbort);
	}
}

interface HandshakeListener {
	connected(): void;
	open(opened: OpenSocket): void;
	/** The upstream answered with another status than 101. */
	refused(response: IncomingMessage): void;
	/** The upstream accepted, but not as the protocol requires. */
	malformed(): void;
	broken(cause: Error): void;
}

/** Returns the agent that connects through the proxy of the URL, or `undefined` for a direct connection. */
function tunnelAgent({ url, network }: HandshakeOptions, onConnected: () => void): TunnelAgent | undefined {
	const proxy = network.proxyFor(url);
	return proxy && new TunnelAgent({ proxy, url, secureContext: network.secureContext, onConnected });
}

function begin(
	{ url, headers, maxMessageBytes, network: { secureContext } }: HandshakeOptions,
	agent: TunnelAgent | undefined,
	listener: HandshakeListener,
): WebSocket {
	let socket: Socket | undefined;
	// The published types lack `closeTimeout`.
	const options: ClientOptions & { readonly closeTimeout: number; readonly secureContext?: SecureContext } = {
		headers,
		perMessageDeflate: false,
		maxPayload: maxMessageBytes,
		closeTimeout: CLOSE_TIMEOUT_MS,
		...(agent === undefined ? {} : { agent }),
		...(secureContext === undefined ? {} : { secureContext }),
		finishRequest: (request) => {
			if (agent === undefined) notifyConnected(request, url, listener);
			request.end();
		},
	};
	const webSocket = new WebSocket(url, options);
	webSocket.on("upgrade", (response) => {
		socket = response.socket;
	});
	webSocket.on("open", () => {
		webSocket.pause();
		if (socket !== undefined) listener.open({ webSocket, socket });
	});
	webSocket.on("unexpected-response", (_, response) => listener.refused(response));
	webSocket.on("error", (error) => (socket === undefined ? listener.broken(error) : listener.malformed()));
	return webSocket;
}

function notifyConnected(request: ClientRequest, url: URL, listener: HandshakeListener): void {
	request.once("socket", (socket) => {
		socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => listener.connected());
	});
}

/** Yields the body of a refusal, decoded if its content coding is known. */
function decodedIfKnown(response: IncomingMessage, encoding: string | undefined): AsyncGenerator<Uint8Array, void, void> {
	const coding = contentCoding(encoding);
	const body = chunksOf(response);
	return coding !== undefined && canDecode(coding) ? decoded(body, coding, () => {}) : body;
}

async function* chunksOf(response: IncomingMessage): AsyncGenerator<Uint8Array, void, void> {
	for await (const chunk of response) if (chunk instanceof Uint8Array) yield chunk;
}

async function refusal(response: IncomingMessage, { exchange, onStatus = statusError }: HandshakeOptions): Promise<SpearError> {
	response.on("error", () => {}); // The body may be cut off: the status is reported all the same.
	const headers = flattenHeaders(response.headers);
	const { text, cut } = await readFailureBody(decodedIfKnown(response, headers["content-encoding"]));
	const body = exchange.redact(text, { cut });
	return onStatus({ ...exchange, status: response.statusCode ?? 0, headers, body, retryAfterMs: retryAfterMs(headers) });
}
