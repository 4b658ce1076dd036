/** `schema/` for any package: a JSON Schema for each interface, with all types whose values JSON can hold. */
import { DataModules } from "../../model/carried/data-modules.ts";
import { formatJson } from "../kit/json.ts";
import { noJsonForm } from "../kit/no-json-form.ts";
import { dataModuleSchema } from "../kit/schema/interface-schema.ts";
import { type JsonSchema, mapSchema, schemaFileName } from "../kit/schema/json-schema.ts";
import { UnsoundPatterns } from "../kit/unsound-patterns.ts";
import type { Target } from "../target.ts";

export const generalSchema: Target = (model, output) => {
	const modules = new DataModules(model);
	const unsound = new UnsoundPatterns(modules);
	for (const finding of [...noJsonForm(modules), ...unsound.findings]) output.report(finding);
	for (const module of modules.withTypes) {
		output.write(
			`schema/${schemaFileName(module.file)}`,
			formatJson(mapSchema(unsound.removedFrom(dataModuleSchema(module, modules)), withUsableTags)),
		);
	}
};

/** Removes a discriminator that ajv refuses: of a tag that is a member of every object, ajv says that the tag is not unique. */
function withUsableTags(schema: JsonSchema): JsonSchema {
	const { discriminator, type: _type, required: _required, ...rest } = schema;
	const tags = (schema.oneOf ?? []).map(({ properties }) => String(properties?.type?.const));
	return discriminator !== undefined && tags.some((tag) => tag in Object.prototype) ? rest : schema;
}
