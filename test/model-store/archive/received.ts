import { SpearError } from "../../../src/errors/spear-error.ts";
import type { WantedFile } from "../../../src/model-store/archive/archive.ts";

/** Files that are wanted by a test, and the contents that were received. */
export function received(paths: readonly string[], maxBytes: number): { wanted: WantedFile[]; contents: Record<string, string> } {
	const contents: Record<string, string> = {};
	const wanted = paths.map((path) => ({
		path,
		maxBytes,
		async receive(content: AsyncIterable<Uint8Array>) {
			contents[path] = Buffer.concat(await Array.fromAsync(content)).toString();
		},
	}));
	return { wanted, contents };
}

/** Returns the message of a refusal. @throws Any other outcome. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown.message;
		throw thrown;
	}
	return "not refused";
}
