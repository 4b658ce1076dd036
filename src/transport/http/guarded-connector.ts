import { lookup as systemLookup } from "node:dns/promises";
import { type LookupFunction, Socket } from "node:net";
import { buildConnector } from "undici";
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
	/** A connection is being established on `socket`. */
	readonly onConnecting: (socket: Socket) => void;
	/** The connection is established. */
	readonly onConnected: () => void;
}

/**
 * Returns a connector that connects only to allowed addresses. Each connection resolves the name once and uses that result, so a
 * name that resolves to another address a moment later has no effect.
 */
export function guardedConnector({ checkAddress, resolve = resolveBySystem, ...notify }: ConnectorOptions): buildConnector.connector {
	const connect = buildConnector({ allowH2: false, timeout: 0, lookup: guardedLookup(checkAddress, resolve) });
	return (target, callback) => {
		const socket: unknown = connect(target, (...[error, connected]) => {
			if (error !== null) return callback(error, null);
			try {
				checkAddress(connected.remoteAddress ?? "");
			} catch (thrown) {
				connected.destroy();
				return callback(asError(thrown), null);
			}
			ignoreContinue(connected);
			notify.onConnected();
			callback(null, connected);
		});
		if (socket instanceof Socket) notify.onConnecting(socket);
	};
}

function guardedLookup(checkAddress: (address: string) => void, resolve: Resolve): LookupFunction {
	return (hostname, { all }, callback) => {
		const find = async (): Promise<void> => {
			const addresses = await resolve(hostname);
			for (const { address } of addresses) checkAddress(address);
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

function asError(thrown: unknown): Error {
	return thrown instanceof Error ? thrown : new Error(String(thrown));
}
