/** All schema documents of an ABI, in one form: what is published, and what types and validators are made from. */

import type { Abi } from "../../../model/abi.ts";
import { dataTypes } from "../../../model/carried/data-types.ts";
import type { IrForm } from "../../../model/carried/ir-type.ts";
import { kebabCase } from "../../../model/names/spelling.ts";
import { moduleName } from "../../../model/names/type-names.ts";
import { missingTypes } from "../../../model/required-types.ts";
import { notice } from "../header.ts";
import { ENVELOPE_MODULE, specializeEnvelope } from "./envelope-schema.ts";
import type { ExtraSchema } from "./extra-schemas.ts";
import { interfaceSchema } from "./interface-schema.ts";
import { type JsonSchema, mapSchema, schemaFileName } from "./json-schema.ts";
import { OPERATIONS_MODULE, operationsSchema } from "./operations-schema.ts";

/** Module name → document. Interfaces without data types have none. */
export function schemaDocuments(abi: Abi, extra: readonly ExtraSchema[], form: IrForm): Map<string, JsonSchema> {
	const documents = new Map<string, JsonSchema>();
	const add = (name: string, schema: JsonSchema): void => {
		if (documents.has(name)) throw new Error(`two schemas are named \`${name}\`: rename the interface or the file in codegen/schemas/`);
		documents.set(name, schema);
	};
	for (const { interface: iface } of abi.interfaces) {
		if (dataTypes(iface).length > 0) add(moduleName(iface.name), interfaceSchema(iface, abi.model, form));
	}
	add(OPERATIONS_MODULE, operationsSchema(abi));
	for (const each of extra) add(each.name, extraDocument(each, abi));
	for (const each of extra) checkReferences(each, documents, abi);
	return documents;
}

/** A hand-written schema refers to types of the WIT by their names in the schemas. */
function checkReferences({ source, schema }: ExtraSchema, documents: ReadonlyMap<string, JsonSchema>, abi: Abi): void {
	const missing = new Map<string, Set<string>>();
	mapSchema(schema, (each) => {
		const [, module, name] = /^([a-z0-9-]+)\.schema\.json#\/\$defs\/(\w+)$/.exec(each.$ref ?? "") ?? [];
		if (module === undefined || name === undefined || documents.get(module)?.$defs?.[name] !== undefined) return each;
		missing.set(module, (missing.get(module) ?? new Set()).add(kebabCase(name)));
		return each;
	});
	for (const [module, names] of missing) throw missingTypes(abi, module, [...names], `\`${source}\``);
}

function extraDocument({ name, source, schema }: ExtraSchema, abi: Abi): JsonSchema {
	const { $schema, ...rest } = name === ENVELOPE_MODULE ? specializeEnvelope(schema, abi) : schema;
	return { ...($schema === undefined ? {} : { $schema }), ...rest, $id: schemaFileName(name), $comment: notice([source]) };
}
