/**
 * `generated/registry.ts`: the one place that imports backend kinds. A kind that is not enabled is not imported, so that a bundler
 * leaves its code out.
 */
import { sorted } from "../../model/build-abi.ts";
import { camelCase } from "../../model/names/spelling.ts";
import type { Emitter } from "../emitter.ts";
import { header } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";

interface RegistryData {
	readonly header: string;
	readonly imports: string;
	readonly kinds: string;
	readonly disabled: string;
}

const registryTemplate = template<RegistryData>(new URL("./registry.hbs", import.meta.url));

export const registryEmitter: Emitter = {
	name: "registry",
	async emit({ config }) {
		const imports = new Imports(["backendKinds", "disabledBackendKinds"]);
		imports.type("BackendKind", "../src/backends/backend.ts");
		const kinds = sorted(new Set(config.enabledBackends)).map((kind) =>
			imports.value(camelCase(kind), `../src/backends/kinds/${kind}/index.ts`),
		);
		const disabled = sorted(new Set(config.disabledBackends)).map((kind) => JSON.stringify(kind));
		const content = registryTemplate({
			header: header(["codegen/codegen.config.json"]),
			imports: imports.toString(),
			kinds: delimited("[", kinds, "]", 0),
			disabled: delimited("[", disabled, "]", 0),
		});
		return [{ path: "registry.ts", content }];
	},
};
