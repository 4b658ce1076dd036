/** Emits `host/`: the interfaces a host implements, and the bindings that make them the imports of a component. */
import type { Emitter } from "../emitter.ts";
import { witSource } from "../kit/header.ts";
import { importsFile } from "./imports-file.ts";
import { interfaceFile } from "./interface-file.ts";
import { boundInterfaces, errorRecord } from "./plan.ts";
import { runtimeFile } from "./runtime-file.ts";

export const hostEmitter: Emitter = {
	name: "host",
	async emit({ abi }) {
		const error = errorRecord(abi);
		if (error === undefined)
			throw new Error("interface `types` declares no record `error`: the bindings have nothing to answer failures with");
		const interfaces = boundInterfaces(abi);
		const lent = new Set(interfaces.flatMap((bound) => bound.foreignHandles));
		return [
			{ path: "host/runtime.ts", content: runtimeFile(interfaces, witSource(error)) },
			...interfaces.map((bound) => ({ path: `host/${bound.name}.ts`, content: interfaceFile(bound, lent, abi.model) })),
			{ path: "host/imports.ts", content: importsFile(interfaces, lent) },
		];
	},
};
