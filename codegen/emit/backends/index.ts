/** `generated/backends/`: what a kind of backend implements, one file an operation. */
import type { Abi } from "../../model/abi.ts";
import { backendType, operationModule } from "../../model/names/backend-names.ts";
import { requireType } from "../../model/required-types.ts";
import type { EmittedFile, Emitter } from "../emitter.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { template } from "../kit/template.ts";
import { operationFile } from "./operation-file.ts";

interface FileData {
	readonly header: string;
	readonly imports: string;
}

interface OperationsData extends FileData {
	readonly operations: readonly { readonly name: string; readonly type: string }[];
}

const backendTemplate = template<FileData>(new URL("./backend.hbs", import.meta.url));
const operationsTemplate = template<OperationsData>(new URL("./operations.hbs", import.meta.url));

export const backendsEmitter: Emitter = {
	name: "backends",
	async emit({ abi }) {
		const operations = abi.families.map((family) => ({
			path: `backends/${operationModule(family.operation)}.ts`,
			content: operationFile(family, abi),
		}));
		return [backendFile(abi), operationsFile(abi), ...operations];
	},
};

function backendFile(abi: Abi): EmittedFile {
	requireType(abi, "media-ref", "the interface of a backend");
	const imports = new Imports();
	imports.typeNamespace("types", "../ir/types.ts");
	imports.type("Operation", "../ir/operations.ts");
	imports.type("OperationMap", "../ir/operations.ts");
	return { path: "backends/backend.ts", content: backendTemplate({ header: header(sourcesOf(abi)), imports: imports.toString() }) };
}

function operationsFile(abi: Abi): EmittedFile {
	const imports = new Imports();
	imports.type("Operation", "../ir/operations.ts");
	const operations = abi.families.map(({ operation }) => ({
		name: operation,
		type: imports.type(backendType(operation), `./${operationModule(operation)}.ts`),
	}));
	const content = operationsTemplate({ header: header(sourcesOf(abi)), imports: imports.toString(), operations });
	return { path: "backends/operations.ts", content };
}

function sourcesOf(abi: Abi): string[] {
	return abi.families.map((family) => witSource(family.interface));
}
