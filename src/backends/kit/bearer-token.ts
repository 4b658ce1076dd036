import { isAbsolute } from "node:path";
import type { HttpRequest } from "../../transport/http/options.ts";
import type { OptionReader } from "./option-reader.ts";
import { TokenFile } from "./token-file.ts";

/** Reads `token_file`: the absolute path of a file with a bearer token. Absent: requests carry a key. */
export function readTokenFile(reader: OptionReader): string | undefined {
	const path = reader.string("token_file");
	if (path !== undefined && !isAbsolute(path)) reader.fault("token_file", "must be an absolute path");
	return path;
}

/**
 * Returns a function that puts the token of the option `token_file` in place of the key of a request. `undefined` without a path.
 *
 * @param keyHeader Header of the key, in lower case.
 */
export function bearerToken(path: string | undefined, keyHeader: string): ((request: HttpRequest) => Promise<HttpRequest>) | undefined {
	if (path === undefined) return undefined;
	const file = new TokenFile(path, "token_file");
	return async (request) => {
		const secret = await file.read();
		const { [keyHeader]: _, ...headers } = request.headers ?? {};
		return { ...request, headers: { ...headers, authorization: `Bearer ${secret}` }, secret };
	};
}
