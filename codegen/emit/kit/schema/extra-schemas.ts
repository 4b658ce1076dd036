/** The schemas written by hand in `codegen/schemas/`: what has no WIT of its own, e.g. the envelope and the configuration. */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sorted } from "../../../model/build-abi.ts";
import type { JsonSchema } from "./json-schema.ts";

export interface ExtraSchema {
	/** File name without `.schema.json`; names the generated modules. */
	readonly name: string;
	/** Path from the repository's root, for headers. */
	readonly source: string;
	readonly schema: JsonSchema;
}

/** Reads the extra schemas. Emitters take the function as a parameter so that tests can pass their own. */
export type ReadExtraSchemas = () => Promise<readonly ExtraSchema[]>;

const SUFFIX = ".schema.json";

/** Reads all of `codegen/schemas/`, in order of file name. */
export async function readExtraSchemas(): Promise<ExtraSchema[]> {
	const directory = new URL("../../../schemas/", import.meta.url);
	const files = sorted((await readdir(directory)).filter((file) => file.endsWith(SUFFIX)));
	return Promise.all(
		files.map(async (file) => {
			const url = new URL(file, directory);
			return {
				name: file.slice(0, -SUFFIX.length),
				source: `codegen/schemas/${file}`,
				schema: parseSchema(await readFile(url, "utf8"), url),
			};
		}),
	);
}

function parseSchema(text: string, url: URL): JsonSchema {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new Error(`${fileURLToPath(url)} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
	}
}
