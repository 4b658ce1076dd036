import { SpearError } from "../../errors/spear-error.ts";
import { shorten } from "../../formats/shorten.ts";
import type { ModelPackage } from "../model.ts";
import { describePackage } from "./describe-package.ts";

/** Reasons by what the clients print. The first match counts. */
const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
	[/ENOSPC|No space left/, "no space is left on the disk"],
	[/EACCES|EPERM|EROFS|Permission denied|Read-only file system/, "its files cannot be written"],
	[/code E401|code E403|code ENEEDAUTH|status code 40[13]|\b40[13] Client Error/, "the registry refuses the credentials of this machine"],
	[/code EINTEGRITY|Z_DATA_ERROR|DO NOT MATCH THE HASHES|hash mismatch/i, "the registry sent another content, or a part of it"],
	[
		/ENOTFOUND|EAI_AGAIN|Name or service not known|name resolution|getaddrinfo/,
		"the registry's name is not found: there may be no network",
	],
	[/ECONNREFUSED|Connection refused|Cannot connect to proxy|ProxyError/, "no connection to the registry, or to its proxy"],
	[/CERT|certificate|SSLError/, "the registry's certificate is not trusted"],
	[/ENOTCACHED|only-if-cached/, "the client is set to work offline"],
	[
		/ECONNRESET|ETIMEDOUT|ERR_SOCKET|FETCH_ERROR|premature|Invalid response body|Z_BUF_ERROR|TAR_BAD|IncompleteRead|timed out|Connection broken/i,
		"the connection was cut",
	],
	// The last, because pip says the same without a connection.
	[/code E404|code ETARGET|No matching distribution/, "the registry does not have it"],
];

/** Returns the error of a package that a client could not download. */
export function clientFailure(client: string, item: ModelPackage, output: string): SpearError {
	const reason = REASONS.find(([pattern]) => pattern.test(output))?.[1] ?? lastLine(output);
	const message = `${client} cannot download ${describePackage(item)}: ${reason}; pull again to go on, or name the file with --from`;
	return new SpearError("backend_error", message, { processed: "no", retryable: true, cause: new Error(lastLine(output)) });
}

/** Returns the error of a client that is not installed, or of one that cannot be started. */
export function clientMissing(client: string, item: ModelPackage): SpearError {
	const message = `${describePackage(item)} comes from the registry of ${client}, which is not installed here; install ${client}, or name the file with --from`;
	return new SpearError("backend_error", message, { processed: "no" });
}

/** Longest line of a client in a message, in characters. */
const MAX_LINE = 200;

/** Returns the last line that is neither blank nor about a log file. URLs are left out, because they may hold a password. */
function lastLine(output: string): string {
	const lines = output.split("\n").map((line) => line.replace(/^npm (?:error|ERR!)\s*/, "").trim());
	const line = lines.findLast((text) => text !== "" && !/^(?:A complete log|WARNING:|\[notice\])/.test(text)) ?? "it says no reason";
	return shorten(line.replace(/\b[a-z]{1,12}:\/\/\S+/gi, "(URL)"), MAX_LINE);
}
