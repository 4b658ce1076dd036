import { resolve } from "node:path";
import type { ConfigPath } from "./config-path.ts";
import type { Faults } from "./faults.ts";
import { looksLikeKey } from "./looks-like-key.ts";

/**
 * Returns the absolute path of a file with a secret. A relative path begins at the working directory of the host, as all paths of the
 * configuration. Adds a fault for a path that a shell would expand, and for a key in place of a path, and does not repeat the key.
 */
export function secretPath(path: string, member: ConfigPath, faults: Faults): string {
	if (/^~|^\$/.test(path)) faults.add(member, "'~' and variables are not expanded; write the whole path");
	else if (!/[/\\.]/.test(path) && looksLikeKey(path.replaceAll("-", "_")))
		faults.add(member, "this looks like a key; put the key into a file, and the path of the file here");
	return resolve(path);
}
