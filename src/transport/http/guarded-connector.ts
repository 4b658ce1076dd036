import { lookup as systemLookup } from "node:dns/promises";
import { isIP, type LookupFunction, Socket } from "node:net";
import { buildConnector } from "undici/index.js";
import type { Network } from "../network.ts";
import { type Connecting, openTunnel } from "../proxy/tunnel.ts";
import { hostOf, portOf } from "../url-host.ts";
import { reportReset } from "./connection-reset.ts";
import { ignoreContinue } from "./informational.ts";

export interface ResolvedAddress {
	readonly address: string;
	readonly family: 4 | 6;
}

/** Returns the addresses of a host. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface ConnectorOptions {
	/** Called for every address that a name resolves to, and for the address of the connection. Throws if it is not allowed. */
	readonly checkAddress: (address: string) => void;
	/** The default is the system's resolver. */
	readonly resolve?: Resolve | undefined;
	/** Proxies and certificate authorities. */
	readonly network: Network;
	/** The URL, for the choice of a proxy. */
	readonly url: URL;
	/** A connection is being established. Destroying it cancels the attempt. */
	readonly onConnecting: (attempt: Connecting) => void;
	/** The connection is established. */
	readonly onConnected: () => void;
}

/**
 * Returns a connector that connects only to allowed addresses. Each connection resolves the name once and uses that result, so a
 * name that resolves to another address a moment later has no effect. A proxy is asked for the checked address, never for the name: a
 * proxy resolves names by itself, and could reach what the host may not.
 */
export function guardedConnector({
	checkAddress,
	resolve = resolveBySystem,
	network,
	url,
	...notify
}: ConnectorOptions): buildConnector.connector {
	const { secureContext } = network;
	const proxy = network.proxyFor(url);
	const tls = secureContext === undefined ? {} : { secureContext };
	const connect = buildConnector({ allowH2: false, timeout: 0, lookup: guardedLookup(checkAddress, resolve), ...tls });
	const established = (socket: Socket, callback: buildConnector.Callback): void => {
		ignoreContinue(socket);
		reportReset(socket);
		notify.onConnected();
		callback(null, socket);
	};
	if (proxy === undefined) {
		return (target, callback) => {
			const socket: unknown = connect(target, (...[error, connected]) => {
				if (error !== null) return callback(error, null);
				try {
					checkAddress(connected.remoteAddress ?? "");
				} catch (thrown) {
					connected.destroy();
					return callback(asError(thrown), null);
				}
				established(connected, callback);
			});
			if (socket instanceof Socket) notify.onConnecting(socket);
		};
	}
	return (target, callback) => {
		const tunnel = async (): Promise<void> => {
			const [first] = await resolveChecked(target.hostname, checkAddress, resolve);
			const attempt = openTunnel({ proxy, host: first.address, port: portOf(target), secureContext }, (error, socket) => {
				if (error !== null) callback(error, null);
				else if (target.protocol === "http:") established(socket, callback);
				else
					connect({ ...target, httpSocket: socket }, (...[failed, secure]) =>
						failed === null ? established(secure, callback) : callback(failed, null),
					);
			});
			notify.onConnecting(attempt);
		};
		tunnel().catch((thrown: unknown) => callback(asError(thrown), null));
	};
}

/** Returns the addresses of a name or of an address, each of them checked. */
async function resolveChecked(
	hostname: string,
	checkAddress: (address: string) => void,
	resolve: Resolve,
): Promise<readonly [ResolvedAddress, ...ResolvedAddress[]]> {
	const literal = hostOf({ hostname });
	const family = isIP(literal);
	const addresses = family === 0 ? await resolve(hostname) : [{ address: literal, family: family === 6 ? 6 : 4 } as const];
	for (const { address } of addresses) checkAddress(address);
	const [first, ...others] = addresses;
	if (first === undefined) throw Object.assign(new Error("the name has no address"), { code: "ENOTFOUND" });
	return [first, ...others];
}

function guardedLookup(checkAddress: (address: string) => void, resolve: Resolve): LookupFunction {
	return (hostname, { all }, callback) => {
		const find = async (): Promise<void> => {
			const addresses = await resolveChecked(hostname, checkAddress, resolve);
			const [first] = addresses;
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

function asError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}
