/** Emits `ir/wire/`: conversions between the Canonical IR in memory and as JSON text holds it. */
import type { Abi } from "../../model/abi.ts";
import { moduleName } from "../../model/names/type-names.ts";
import type { EmittedFile, Emitter } from "../emitter.ts";
import { witSource } from "../kit/header.ts";
import type { WireHelper } from "./expressions.ts";
import { wireModule } from "./interface-module.ts";
import { wireOperations } from "./operations-module.ts";
import { wireReach } from "./reach.ts";
import { wireRuntime } from "./runtime-module.ts";

export const wireEmitter: Emitter = {
	name: "wire",
	async emit({ abi }) {
		const reached = wireReach(abi);
		const used = new Set<WireHelper>();
		const files: EmittedFile[] = [];
		for (const { interface: iface } of abi.interfaces) {
			const content = wireModule(iface, abi.model, reached, used);
			if (content !== undefined) files.push({ path: `ir/wire/${moduleName(iface.name)}.ts`, content });
		}
		files.push({ path: "ir/wire/operations.ts", content: wireOperations(abi) });
		if (used.size > 0) files.push({ path: "ir/wire/runtime.ts", content: wireRuntime(used, sourcesOf(abi)) });
		return files;
	},
};

function sourcesOf(abi: Abi): string[] {
	return abi.interfaces.map((each) => witSource(each.interface));
}
