/** Reason for which a server has not done what it was asked for. */
export type ServerFaultKind =
	/** The server did not answer in time. */
	| "timeout"
	/** The connection ended. */
	| "ended"
	/** The server is not started, because the last start or the last connection failed just now. */
	| "unavailable"
	/** The server answered with an error. */
	| "refused";

/** Failure of a server. The message names no path, no environment variable and no output of the server, unless the server has refused. */
export class ServerFault extends Error {
	override readonly name = "ServerFault";
	readonly kind: ServerFaultKind;

	constructor(kind: ServerFaultKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.kind = kind;
	}
}
