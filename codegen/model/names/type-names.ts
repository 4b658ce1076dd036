/** Names of the TypeScript types, and of the files, that interfaces and their types become. Every target asks here. */
import { safeNamespace, safeTypeName } from "./reserved.ts";
import { camelCase, pascalCase, snakeCase } from "./spelling.ts";

/** `json-schema` → `JsonSchema`, `uint8-array` → `Uint8Array_`. The name of the type in every module and in the JSON Schemas. */
export function typeName({ name }: { readonly name: string }): string {
	return safeTypeName(pascalCase(name));
}

/** The class of a resource as the official tools name it: the member of an import object, and the export of a guest's module. */
export function resourceClass({ name }: { readonly name: string }): string {
	return pascalCase(name);
}

/** The member that holds the value of a case, beside `type`, which tells the case. */
export function caseMember({ name }: { readonly name: string }): string {
	const member = snakeCase(name);
	return member === "type" ? "type_" : member;
}

/** Files that stand beside those of interfaces in some folder of the generated tree, without their extension. */
export const FIXED_FILES: ReadonlySet<string> = new Set([
	"backend",
	"check-runtime",
	"config",
	"envelope",
	"exports",
	"families",
	"imports",
	"index",
	"json",
	"operations",
	"readme",
	"runtime",
	"validator",
]);

/** Names that Windows keeps for devices, in any folder and with any extension. */
const DEVICES = /^(?:aux|con|nul|prn|com\d|lpt\d)$/;

/** The name of the files that an interface generates, without the extension: the same in every folder, e.g. `cchat`, `config_`. */
export function moduleName(name: string): string {
	const file = name.toLowerCase();
	return FIXED_FILES.has(file) || DEVICES.test(file) ? `${file}_` : file;
}

/** The name that other modules wish to import a module under, e.g. `types` in `types.Usage`. The importing file may have to change it. */
export function moduleAlias(module: string): string {
	return safeNamespace(camelCase(module));
}
