/** `generated/backends/`: what a kind of backend implements, one file an operation. */
import type { Abi } from "../../model/abi.ts";
import type { EmittedFile, Emitter } from "../emitter.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { template } from "../kit/template.ts";
import { backendType, operationModule } from "./names.ts";
import { operationFile } from "./operation-file.ts";

interface BackendData {
	readonly header: string;
	readonly imports: string;
	readonly operations: readonly { readonly name: string; readonly type: string }[];
}

const backendTemplate = template<BackendData>(new URL("./backend.hbs", import.meta.url));

export const backendsEmitter: Emitter = {
	name: "backends",
	async emit({ abi }) {
		const operations = abi.families.map((family) => ({
			path: `backends/${operationModule(family.operation)}.ts`,
			content: operationFile(family, abi),
		}));
		return [backendFile(abi), ...operations];
	},
};

function backendFile(abi: Abi): EmittedFile {
	const imports = new Imports();
	imports.type("Operation", "../ir/operations.ts");
	imports.typeNamespace("types", "../ir/types.ts");
	const operations = abi.families.map(({ operation }) => ({
		name: operation,
		type: imports.type(backendType(operation), `./${operationModule(operation)}.ts`),
	}));
	const sources = abi.families.map((family) => witSource(family.interface));
	return { path: "backends/backend.ts", content: backendTemplate({ header: header(sources), imports: imports.toString(), operations }) };
}
