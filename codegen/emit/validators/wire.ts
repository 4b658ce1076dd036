/** Emits `schema/validate-wire/`: validators of payloads as JSON text holds them. */
import type { Memo } from "../../cache/memo.ts";
import type { Abi, Family } from "../../model/abi.ts";
import { moduleAlias } from "../../model/carried/data-types.ts";
import { pascalCase } from "../../model/names/spelling.ts";
import type { EmittedFile } from "../emitter.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { schemaDocuments } from "../kit/schema/documents.ts";
import type { ExtraSchema } from "../kit/schema/extra-schemas.ts";
import { schemaFileName } from "../kit/schema/json-schema.ts";
import { memoizedValidators } from "./memoized.ts";

const FOLDER = "schema/validate-wire";

export async function wireValidators(abi: Abi, extra: readonly ExtraSchema[], memo: Memo): Promise<EmittedFile[]> {
	const documents = schemaDocuments(abi, extra, "wire");
	const files: EmittedFile[] = [];
	for (const family of abi.families) {
		const notice = header([witSource(family.interface)]);
		const ref = `${schemaFileName(family.name)}#/$defs/${pascalCase(family.payload.name)}`;
		const code = await memoizedValidators(memo, documents, new Map([["payload", ref]]));
		files.push({ path: `${FOLDER}/${family.name}.js`, content: `${notice}\n${code}` });
		files.push({ path: `${FOLDER}/${family.name}.d.ts`, content: `${notice}\n${declaration(family)}` });
	}
	return [...files, ...table(abi)];
}

const IMPORT_VALIDATOR = 'import type { Validator } from "../validate/validator.d.ts";\n';

function declaration({ operation }: Family): string {
	const imports = `import type { WirePayloads } from "../../ir/wire/operations.ts";\n${IMPORT_VALIDATOR}`;
	const doc = docComment(`Validates the payload of \`${operation}\` as JSON text holds it.`);
	return `${imports}\n${doc}export declare const payload: Validator<WirePayloads["${operation}"]>;\n`;
}

function table({ families }: Abi): EmittedFile[] {
	const notice = header(["wit/"]);
	const imports = families.map(({ name }) => `import { payload as ${moduleAlias(name)} } from "./${name}.js";\n`);
	const entries = families.map(({ name, operation }) => `\t${operation}: ${moduleAlias(name)},\n`);
	return [
		{
			path: `${FOLDER}/operations.js`,
			content: `${notice}\n${imports.join("")}\nexport const wirePayloads = {\n${entries.join("")}};\n`,
		},
		{
			path: `${FOLDER}/operations.d.ts`,
			content: [
				notice,
				'import type { Operation } from "../../ir/operations.ts";',
				'import type { WirePayloads } from "../../ir/wire/operations.ts";',
				IMPORT_VALIDATOR,
				`${docComment("Checks the payload of each operation as JSON text holds it.")}export declare const wirePayloads: { readonly [O in Operation]: Validator<WirePayloads[O]> };`,
				"",
			].join("\n"),
		},
	];
}
