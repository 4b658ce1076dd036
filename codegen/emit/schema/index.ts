/** Emits `schema/<name>.schema.json`: the JSON Schemas of everything in the Canonical IR, in wire form. */
import type { Emitter } from "../emitter.ts";
import { formatJson } from "../kit/json.ts";
import { schemaDocuments } from "../kit/schema/documents.ts";
import { type ReadExtraSchemas, readExtraSchemas } from "../kit/schema/extra-schemas.ts";
import { schemaFileName } from "../kit/schema/json-schema.ts";

export function createSchemaEmitter(readExtra: ReadExtraSchemas = readExtraSchemas): Emitter {
	return {
		name: "schema",
		async emit({ abi }) {
			const documents = schemaDocuments(abi, await readExtra(), "wire");
			return [...documents].map(([name, schema]) => ({ path: `schema/${schemaFileName(name)}`, content: formatJson(schema) }));
		},
	};
}

export const schemaEmitter: Emitter = createSchemaEmitter();
