/** Emits `schema/validate-wire/`: validators of payloads as JSON text holds them. */
import type { Abi, Family } from "../../model/abi.ts";
import { NameScope } from "../../model/names/name-scope.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
import type { EmittedFile } from "../emitter.ts";
import { checkModules, reachable, sharedTargets } from "../kit/checks/modules.ts";
import { type Documents, keyOf, type Target } from "../kit/checks/references.ts";
import { validators } from "../kit/checks/validators.ts";
import { docComment } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { schemaDocuments } from "../kit/schema/documents.ts";
import type { ExtraSchema } from "../kit/schema/extra-schemas.ts";

const FOLDER = "schema/validate-wire";

export interface WireValidators {
	/** Definitions that JSON holds as memory does: their checks are to be among those of memory. */
	readonly shared: readonly Target[];
	readonly files: readonly EmittedFile[];
}

/**
 * The validators of payloads, and the checks of the definitions that JSON holds in another form than memory.
 *
 * @param memory documents of the form `memory`
 * @param noticeOf first lines of the files of a module
 */
export function wireValidators(
	abi: Abi,
	extra: readonly ExtraSchema[],
	memory: Documents,
	noticeOf: (module: string) => string,
): WireValidators {
	const documents = schemaDocuments(abi, extra, "wire");
	const roots = abi.families.map(payloadOf);
	const targets = reachable(roots, documents);
	const same = sharedTargets(targets, documents, memory);
	const isShared = (target: Target): boolean => same.has(keyOf(target));
	const checks = checkModules({
		documents,
		roots,
		elsewhere: (target) => (isShared(target) ? `../check/${target.module}.js` : undefined),
	});
	const ofFamilies = abi.families.flatMap((family) => {
		const notice = header([witSource(family.interface)]);
		const target = payloadOf(family);
		const code = validators([{ name: "payload", target }], isShared(target) ? "check" : "check-wire");
		return [
			{ path: `${FOLDER}/${target.module}.js`, content: `${notice}\n${code}` },
			{ path: `${FOLDER}/${target.module}.d.ts`, content: `${notice}\n${declaration(family)}` },
		];
	});
	const ofChecks = [...checks].map(([module, code]) => ({
		path: `schema/check-wire/${module}.js`,
		content: `${noticeOf(module)}\n${code}`,
	}));
	return { shared: targets.filter(isShared), files: [...ofChecks, ...ofFamilies, ...table(abi)] };
}

function payloadOf({ name, payload }: Family): Target {
	return { module: moduleName(name), name: typeName(payload) };
}

const IMPORT_VALIDATOR = 'import type { Validator } from "../validate/validator.d.ts";\n';

function declaration({ operation }: Family): string {
	const imports = `import type { WirePayloads } from "../../ir/wire/operations.ts";\n${IMPORT_VALIDATOR}`;
	const doc = docComment(`Validates the payload of \`${operation}\` as JSON text holds it.`);
	return `${imports}\n${doc}export declare const payload: Validator<WirePayloads["${operation}"]>;\n`;
}

function table({ families }: Abi): EmittedFile[] {
	const notice = header(["wit/"]);
	const scope = new NameScope(["wirePayloads"]);
	const aliases = new Map(families.map((family) => [family, scope.take(moduleAlias(moduleName(family.name)))]));
	const imports = [...aliases].map(([{ name }, alias]) => `import { payload as ${alias} } from "./${moduleName(name)}.js";\n`);
	const entries = [...aliases].map(([{ operation }, alias]) => `\t${operation}: ${alias},\n`);
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
